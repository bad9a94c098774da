package dev.tidemark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.kafka.KafkaSources.StartFrom;
import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.Registry;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

/**
 * Scrapes a running job through Flink's own Prometheus reporter: every metric that docs/metrics.md names is there, of the type that it
 * says, and follows what happens.
 */
class MetricsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long START = 1_700_000_000_000L;
    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final Pattern DOCUMENTED = Pattern.compile("\\| `(flink_\\w+)` \\| (counter|gauge|summary) \\|.*");
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void everyDocumentedMetricIsThereAndFollowsWhatHappens() throws Exception {
        Map<String, String> documented = documented();
        Map<String, String> types = new LinkedHashMap<>();
        int port = freePort();
        try (Sandbox sandbox = sandbox(port);
                Postgres postgres = Postgres.connect(sandbox.postgresJdbcUrl(), null, null);
                KafkaLog kafka = new KafkaLog(sandbox.kafkaBootstrap(), "measured")) {
            sandbox.createTopic("measured", 1);
            Source source = TestViews.payments("measured");
            FeatureView view = TestViews.byCard(source);
            Definitions definitions = TestViews.definitions(source, view);
            Registry.open(postgres).apply(definitions);
            JobClient job = submit(definitions, sandbox);
            // Ten events, the last of them an hour later: the first nine are settled by it. Then a late one and a
            // broken one.
            for (int i = 0; i < 9; i++) {
                kafka.append(0, TestViews.payment(START + 1_000 * i, "c", 1L, "DE", 1.5));
            }
            kafka.append(0, TestViews.payment(START + 3_600_000, "d", 1L, "DE", 1.5));
            kafka.append(0, TestViews.payment(START, "c", 1L, "DE", 1.5));
            kafka.append(0, "nonsense");
            kafka.flush();

            // Some are there only once there was something to count.
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(scrape(port, types).types().keySet())
                            .as("a metric that docs/metrics.md names is not there")
                            .containsAll(documented.keySet()));
            documented.forEach((name, type) -> assertThat(types.get(name))
                    .as(name)
                    // What Flink counts may be counted down, too, so that its reporter calls it a gauge.
                    .isEqualTo(type.equals("counter") ? "gauge" : type));

            await().atMost(PATIENCE).untilAsserted(() -> {
                Scrape now = scrape(port, types);
                assertThat(now.sum(TASK + "eventsAccepted")).isEqualTo(10);
                assertThat(now.sum(TASK + "reason_deadLetters", "reason=\"late\""))
                        .isEqualTo(1);
                assertThat(now.sum(TASK + "reason_deadLetters", "reason=\"malformed\""))
                        .isEqualTo(1);
                assertThat(now.sum(TASK + "KafkaSourceReader_topic_partition_currentOffset"))
                        .isEqualTo(11);
                assertThat(now.sum(TASK + "pendingRecords")).isZero();
                assertThat(now.sum(TASK + "rowsProvisional")).isBetween(2.0, 10.0);
                assertThat(now.sum(TASK + "rowsSettled")).isGreaterThan(9);
                assertThat(now.sum(TASK + "rowsWritten", "operator_name=\"history_"))
                        .isGreaterThan(9);
                assertThat(now.sum(TASK + "rowsWritten", "operator_name=\"online_"))
                        .isBetween(2.0, 10.0);
                assertThat(now.sum(TASK + "flushes", "operator_name=\"history_"))
                        .isPositive();
                assertThat(now.sum(TASK + "flushes", "operator_name=\"online_")).isPositive();
                assertThat(now.sum(TASK + "flushMillis_count")).isEqualTo(now.sum(TASK + "flushes"));
                assertThat(now.sum(TASK + "freshnessMillis_count")).isPositive();
                assertThat(now.sum(TASK + "settledInstant"))
                        .isEqualTo(START + 3_600_000 - TestViews.LATENESS.toMillis());
                assertThat(now.sum(TASK + "entityCacheBytes")).isPositive();
                assertThat(now.sum(JOB + "numberOfCompletedCheckpoints")).isPositive();
                assertThat(now.sum(JOB + "lastCheckpointSize")).isPositive();
                assertThat(now.sum(TASK + "flushFailures")).isZero();
            });

            sandbox.redis().stop();
            kafka.append(0, TestViews.payment(START + 3_600_001, "c", 1L, "DE", 1.5));
            kafka.flush();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            scrape(port, types).sum(TASK + "flushFailures", "operator_name=\"online_"))
                    .isPositive());
            sandbox.redis().start();
            job.cancel().get();
        }
    }

    private static final String TASK = "flink_taskmanager_job_task_operator_";
    private static final String JOB = "flink_jobmanager_job_";

    private static JobClient submit(Definitions definitions, Sandbox sandbox) throws Exception {
        StreamExecutionEnvironment environment = sandbox.flink().environment();
        environment.setParallelism(1);
        new FeatureJob(
                        definitions,
                        new FeatureJob.Connections(
                                sandbox.kafkaBootstrap(), sandbox.postgresJdbcUrl(), null, null, sandbox.redisUri()),
                        StartFrom.EARLIEST)
                .addTo(environment);
        return environment.executeAsync("measured");
    }

    private static Sandbox sandbox(int port) {
        return Sandbox.builder()
                .flink(true)
                .flinkSlots(1)
                .flinkConfiguration("execution.checkpointing.interval", "1s")
                .flinkConfiguration("state.backend.rocksdb.metrics.total-sst-files-size", "true")
                .flinkConfiguration(
                        "metrics.reporter.prom.factory.class",
                        "org.apache.flink.metrics.prometheus.PrometheusReporterFactory")
                .flinkConfiguration("metrics.reporter.prom.port", port + "-" + (port + 9))
                .start();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The types of the documented metrics by their names. */
    private static Map<String, String> documented() throws Exception {
        Map<String, String> documented = new LinkedHashMap<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = DOCUMENTED.matcher(line);
            if (row.matches()) {
                documented.put(row.group(1), row.group(2));
            }
        }
        assertThat(documented).as("the tables of docs/metrics.md").hasSizeGreaterThan(20);
        return documented;
    }

    private Scrape scrape(int port, Map<String, String> types) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        List<String> lines = http.send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .toList();
        for (String line : lines) {
            if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ");
                types.put(words[2], words[3]);
            }
        }
        return new Scrape(lines, types);
    }

    private record Scrape(List<String> lines, Map<String, String> types) {
        double sum(String name, String... labels) {
            double sum = 0;
            for (String line : lines) {
                Matcher sample = SAMPLE.matcher(line);
                if (sample.matches()
                        && sample.group(1).equals(name)
                        && List.of(labels).stream().allMatch(line::contains)) {
                    sum += Double.parseDouble(sample.group(3));
                }
            }
            return sum;
        }
    }
}
