package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.FeatureJob;
import dev.tidemark.jobs.JobSettings;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.audit.Audit;
import dev.tidemark.jobs.audit.AuditResult;
import dev.tidemark.jobs.kafka.KafkaSources;
import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.serving.FeatureServer;
import dev.tidemark.serving.RegistryDefinitions;
import dev.tidemark.stores.HistoryStore;
import dev.tidemark.stores.OnlineStore;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.RedisOnlineStore;
import dev.tidemark.stores.Registry;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All of Tidemark in this process: the sandbox, the job and the feature server, with a feed of events. */
final class Demo implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Demo.class);
    private static final int PARTITIONS = 4;
    private static final int PARALLELISM = 2;
    private static final int EXAMPLES = 3;
    private static final Duration REFRESH = Duration.ofSeconds(1);
    private static final Duration CATCH_UP = Duration.ofSeconds(20);
    private static final Duration AUDIT_PATIENCE = Duration.ofMinutes(1);

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final PrintWriter out;
    private final StopSignal stop = StopSignal.install();
    private @Nullable Running running;

    private Demo(PrintWriter out) {
        this.out = out;
    }

    /** What the demo is made of once it runs. */
    private record Running(
            List<FeatureView> views,
            String kafka,
            HistoryStore history,
            OnlineStore online,
            LookupExamples examples,
            EventPublisher publisher,
            int port) {}

    /**
     * Starts everything but the feed.
     *
     * @param port the feature server's; 0 for any
     * @throws UserException if the definitions cannot be run
     * @throws CancellationException if the user wants to end meanwhile
     */
    static Demo start(Definitions definitions, Source source, JobSettings settings, int port, PrintWriter out)
            throws Exception {
        Demo demo = new Demo(out);
        try {
            demo.running = demo.start(definitions, source, settings, port);
            return demo;
        } catch (Exception e) {
            demo.close();
            throw e;
        }
    }

    private Running start(Definitions definitions, Source source, JobSettings settings, int port) throws Exception {
        Stopwatch watch = new Stopwatch();
        Sandbox.Builder builder = Sandbox.builder().flink(true).flinkSlots(PARALLELISM);
        LiveMetrics.SETTINGS.forEach(builder::flinkConfiguration);
        Sandbox sandbox = opened(builder.start());
        report(
                "Kafka " + sandbox.kafkaBootstrap() + ", Postgres, Redis and Flink "
                        + sandbox.flink().restUri() + " are up",
                watch);
        sandbox.createTopic(source.topic(), PARTITIONS);
        Postgres postgres = opened(Postgres.connect(sandbox.postgresJdbcUrl(), null, null));
        Registry.open(postgres).apply(definitions);
        report("Definitions are applied: " + definitions.views().size() + " feature views", watch);
        submit(definitions, settings, sandbox);
        report("The job is running", watch);
        OnlineStore online = opened(RedisOnlineStore.connect(sandbox.redisUri()));
        FeatureServer server = opened(FeatureServer.start(
                new FeatureServer.Config("127.0.0.1", port),
                new RegistryDefinitions(postgres),
                online,
                Clock.systemUTC()));
        report("The feature server answers at http://127.0.0.1:" + server.port(), watch);
        new DemoEndpoints(sandbox.postgresJdbcUrl(), sandbox.redisUri()).publish();
        resources.push(DemoEndpoints::withdraw);
        EventPublisher publisher =
                opened(new EventPublisher(sandbox.kafkaBootstrap(), source, partitionColumns(definitions)));
        LookupExamples examples = new LookupExamples(definitions, online);
        return new Running(
                definitions.views(),
                sandbox.kafkaBootstrap(),
                new PostgresHistoryStore(postgres),
                online,
                examples,
                publisher,
                server.port());
    }

    /**
     * Feeds events and shows what becomes of them until the time is over or the user wants to end.
     *
     * @param duration null for no end
     * @param audit whether everything is computed again and compared at the end
     * @return the exit code
     */
    int run(EventFeed feed, @Nullable Duration duration, boolean audit) throws InterruptedException, JobSetupException {
        Running parts = java.util.Objects.requireNonNull(running);
        out.println("Events: " + feed.description() + (duration == null ? ". Ctrl-C ends it." : "."));
        out.println("The log is " + LogFile.path() + ".\n");
        FeedThread thread = new FeedThread(feed, parts.publisher);
        thread.start();
        long end = duration == null ? Long.MAX_VALUE : System.nanoTime() + duration.toNanos();
        LiveTable table = new LiveTable(out);
        boolean shown = false;
        while (!stop.wished() && System.nanoTime() - end < 0 && thread.failure() == null) {
            if (!shown && showExamples(parts)) {
                shown = true;
                table.leave();
            }
            table.show(DemoStatus.read(parts.history, parts.online));
            stop.await(REFRESH);
        }
        thread.end();
        table.show(settledDown(parts));
        int exitCode = summarize(parts, thread);
        int auditCode = audit ? audit(parts) : 0;
        return exitCode == 0 ? auditCode : exitCode;
    }

    /** All entities of all views, against the log from its beginning. */
    private int audit(Running parts) throws InterruptedException, JobSetupException {
        Stopwatch watch = new Stopwatch();
        AuditOutput output = AuditOutput.of(false, out);
        Audit.Options options = new Audit.Options(parts.kafka, Integer.MAX_VALUE, 0, AUDIT_PATIENCE);
        AuditResult result = new Audit(parts.online, parts.history, options)
                .run(parts.views, difference -> output.difference(parts.views, difference));
        out.println("Audited every entity against the log (" + watch.lap() + ").");
        output.result(result);
        return AuditOutput.exitCode(result);
    }

    private int summarize(Running parts, FeedThread thread) {
        Exception failure = thread.failure() != null ? thread.failure() : parts.publisher.failure();
        out.println();
        if (failure != null) {
            LOG.error("The feed failed", failure);
            out.println("The feed of events failed: " + failure.getMessage());
        }
        out.println(DemoStatus.read(parts.history, parts.online).summary());
        out.flush();
        return failure == null ? 0 : Failures.FAILED;
    }

    /** The status once the job has read all that was published and the stores have it, or the patience is over. */
    private DemoStatus settledDown(Running parts) throws InterruptedException {
        parts.publisher.flush();
        long end = System.nanoTime() + CATCH_UP.toNanos();
        DemoStatus before;
        DemoStatus status = DemoStatus.read(parts.history, parts.online);
        do {
            before = status;
            stop.await(REFRESH);
            status = DemoStatus.read(parts.history, parts.online);
        } while (System.nanoTime() - end < 0
                && !stop.wished()
                && (status.events() < parts.publisher.published() || status.historyRows() > before.historyRows()));
        return status;
    }

    private boolean showExamples(Running parts) {
        List<JsonNode> events = parts.publisher.newest();
        List<String> commands = parts.examples.commands(events, parts.port, EXAMPLES);
        if (commands.size() < EXAMPLES) {
            return false;
        }
        out.println("Ask for the features of entities that exist, in another terminal:\n");
        commands.forEach(command -> out.println("  " + command + "\n"));
        return true;
    }

    private void submit(Definitions definitions, JobSettings settings, Sandbox sandbox) throws Exception {
        StreamExecutionEnvironment environment = sandbox.flink().environment();
        environment.setParallelism(PARALLELISM);
        FeatureJob.Connections connections = new FeatureJob.Connections(
                sandbox.kafkaBootstrap(), sandbox.postgresJdbcUrl(), null, null, sandbox.redisUri());
        try {
            new FeatureJob(definitions, connections, KafkaSources.StartFrom.EARLIEST, settings).addTo(environment);
        } catch (JobSetupException e) {
            throw new UserException(String.join("\n", e.problems()));
        }
        JobClient job = environment.executeAsync(FeatureJob.name());
        resources.push(() -> job.cancel().get());
        JobStart.await(sandbox.flink().miniCluster(), job);
    }

    /** Events of one entity belong into one partition; a source of several entities follows the first. */
    private static List<String> partitionColumns(Definitions definitions) {
        return definitions.views().get(0).entity().keyNames();
    }

    private <T extends AutoCloseable> T opened(T resource) {
        resources.push(resource);
        return resource;
    }

    private void report(String step, Stopwatch watch) {
        out.println(step + " (" + watch.lap() + ").");
        out.flush();
        if (stop.wished()) {
            throw new CancellationException("Ended before it was up.");
        }
    }

    @Override
    public void close() {
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (Exception e) {
                LOG.warn("Could not close a part of the demo", e);
            }
        }
    }
}
