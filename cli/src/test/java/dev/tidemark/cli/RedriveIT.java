package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.jobs.FeatureJob;
import dev.tidemark.jobs.kafka.DeadLetterTopics;
import dev.tidemark.jobs.kafka.KafkaSources;
import dev.tidemark.sandbox.TestBackends;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.RedisOnlineStore;
import dev.tidemark.stores.Registry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * A source whose definition refuses every record is mended, as another source with new versions of its views; the records are put
 * back, and each event counts, once.
 */
final class RedriveIT {
    private static final int PARTITIONS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern CONFIRM = Pattern.compile("--confirm (\\d+) in place of --dry-run and --to (\\S+),");

    private final String kafka = TestBackends.shared().kafkaBootstrap();
    private final PaymentsLog log = new PaymentsLog(PARTITIONS, 1_000, System.currentTimeMillis());
    private final String topic = TestBackends.newTopic("payments", PARTITIONS);
    private final String database = TestBackends.newDatabase();
    private final String redis = TestBackends.newOnlineDatabase();

    @TempDir
    private Path directory;

    @Test
    void refusedRecordsCountOnceTheDefinitionIsMended() throws Exception {
        log.publish(kafka, topic);
        Definitions mended = definitions("payments_mended", 2, "payment_id: string");
        try (Postgres postgres = Postgres.connect(database, null, null);
                RedisOnlineStore online = RedisOnlineStore.connect(redis)) {
            Registry registry = Registry.open(postgres);
            Definitions broken = definitions("payments_broken", 1, "payment_id: long");
            registry.apply(broken);
            JobClient job = start(broken, KafkaSources.StartFrom.EARLIEST);
            await().atMost(PATIENCE).until(() -> letters().size() == log.size());
            job.cancel().get();

            registry.apply(mended);
            job = start(mended, KafkaSources.StartFrom.LATEST);
            awaitReaderOfEachPartition();
            redrive();

            StoresProof proof = new StoresProof(new PostgresHistoryStore(postgres), online, PATIENCE);
            for (FeatureView view : mended.views()) {
                Oracle oracle = Oracle.of(view, log.readable());
                proof.historyIsTheOracles(
                        view, oracle, log.settledInstant(view.source().allowedLateness()));
                proof.onlineIsTheOracles(view, oracle);
            }
            // What was late in its partition is so still, and nothing else is.
            assertThat(late(letters().values())).isEqualTo(late(log.refused().values()));
            job.cancel().get();
        }
    }

    private Map<String, String> letters() throws Exception {
        return log.deadLetters(kafka, DeadLetterTopics.of(topic));
    }

    private static long late(Collection<String> reasons) {
        return reasons.stream().filter("late"::equals).count();
    }

    /** A job that starts at the end of the log is there once it has refused something behind it. */
    private void awaitReaderOfEachPartition() {
        int[] ends = log.upTo(1, PARTITIONS);
        await("a reader of each partition").atMost(PATIENCE).until(() -> {
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    producer.send(new ProducerRecord<>(topic, partition, null, new byte[] {'?'}));
                }
            }
            return letters().keySet().stream()
                            .map(position -> position.split(":", 2))
                            .filter(position -> Long.parseLong(position[1]) >= ends[Integer.parseInt(position[0])])
                            .map(position -> position[0])
                            .distinct()
                            .count()
                    == PARTITIONS;
        });
    }

    private void redrive() {
        String preview = run("dead-letters", "redrive", "--kafka", kafka, "--topic", topic, "--dry-run");
        Matcher confirm = CONFIRM.matcher(preview);
        assertThat(confirm.find()).as(preview).isTrue();
        assertThat(Integer.parseInt(confirm.group(1))).isGreaterThan(log.size());
        run(
                "dead-letters",
                "redrive",
                "--kafka",
                kafka,
                "--topic",
                topic,
                "--confirm",
                confirm.group(1),
                "--to",
                confirm.group(2));
    }

    private static String run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Tidemark.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        assertThat(command.execute(arguments)).as(err.toString()).isZero();
        return out.toString();
    }

    private JobClient start(Definitions definitions, KafkaSources.StartFrom from) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(2, new Configuration());
        environment.enableCheckpointing(1_000);
        new FeatureJob(definitions, new FeatureJob.Connections(kafka, database, null, null, redis), from)
                .addTo(environment);
        return environment.executeAsync("redrive");
    }

    private Definitions definitions(String source, int version, String paymentId) throws Exception {
        Path target = Files.createDirectory(directory.resolve(source));
        try (var files = Files.list(Path.of("..", "feature-defs", "examples", "payments"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                String text = Files.readString(file)
                        .replace("topic: payments", "topic: " + topic)
                        .replace("payment_id: string", paymentId)
                        .replace("kind: Source\nname: payments", "kind: Source\nname: " + source)
                        .replace("source: payments", "source: " + source)
                        .replace("version: 1", "version: " + version)
                        .replaceAll("idle_timeout: \\w+", "idle_timeout: 1h");
                Files.writeString(target.resolve(file.getFileName()), text);
            }
        }
        return DefinitionReader.readDirectory(target);
    }
}
