package dev.tidemark.serving;

import dev.tidemark.defs.Definitions;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.Registry;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The definitions in the registry: the same object as long as nothing changed there. */
public final class RegistryDefinitions implements Supplier<Definitions> {
    private final Postgres postgres;
    private @Nullable Registry registry;
    private @Nullable Definitions loaded;
    private long revision;

    /** Definitions from the registry in a database, which need not answer yet. */
    public RegistryDefinitions(Postgres postgres) {
        this.postgres = postgres;
    }

    /**
     * The definitions as they are now.
     *
     * @throws dev.tidemark.stores.PostgresException if the database does not answer
     * @throws IllegalStateException if another release applied definitions that this one does not understand
     */
    @Override
    public synchronized Definitions get() {
        Registry open = registry;
        if (open == null) {
            open = Registry.open(postgres);
            registry = open;
        }
        // The revision first: what is applied in between is loaded now and once more the next time.
        long now = open.revision();
        Definitions current = loaded;
        if (current == null || now != revision) {
            current = open.load();
            loaded = current;
            revision = now;
        }
        return current;
    }
}
