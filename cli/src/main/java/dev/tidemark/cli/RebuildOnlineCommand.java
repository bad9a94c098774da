package dev.tidemark.cli;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.stores.FencedException;
import dev.tidemark.stores.OnlineStoreException;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresException;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.RedisOnlineStore;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "rebuild-online",
        description = "Fill an online store that has lost rows from the history; rows of the job stay as they are.",
        mixinStandardHelpOptions = true)
final class RebuildOnlineCommand implements Callable<Integer> {
    @Mixin
    private StoreOptions stores = new StoreOptions();

    @Mixin
    private ViewOptions viewOptions = new ViewOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        DemoEndpoints endpoints = stores.endpoints();
        PrintWriter out = spec.commandLine().getOut();
        try (Postgres database = PostgresLogin.connect(endpoints.postgres());
                RedisOnlineStore online = RedisOnlineStore.connect(endpoints.redis())) {
            OnlineRebuild rebuild = new OnlineRebuild(new PostgresHistoryStore(database), online);
            for (FeatureView view : viewOptions.views(database)) {
                OnlineRebuild.Result result = rebuild.rebuild(view);
                out.println(view.id() + " written=" + result.written() + " kept=" + result.kept());
                out.flush();
            }
        } catch (FencedException e) {
            throw new UserException("Another repair of the view began meanwhile; this one ends. " + e.getMessage());
        } catch (PostgresException | OnlineStoreException e) {
            throw new UserException(String.valueOf(e.getMessage()));
        }
        return 0;
    }
}
