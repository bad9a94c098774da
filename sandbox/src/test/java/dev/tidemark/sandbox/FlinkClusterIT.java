package dev.tidemark.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sandbox's Flink: it runs a job with state in RocksDB, checkpoints it, and shows it on its web interface. */
class FlinkClusterIT {
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void runsAJobWithStateInRocksDb(@TempDir Path parent) throws Exception {
        try (Sandbox sandbox =
                Sandbox.builder().flink(true).flinkSlots(3).directory(parent).start()) {
            FlinkCluster flink = sandbox.flink();
            assertThat(flink.restUri().getHost()).isEqualTo("127.0.0.1");
            assertThat(get(flink, "/overview")).contains("\"slots-total\":3");
            assertThat(get(flink, "/config")).contains("\"web-submit\":true");
            assertThat(get(flink, "/")).containsIgnoringCase("<html");

            JobClient job = submit(flink.environment());
            MiniCluster cluster = flink.miniCluster();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> job.getJobStatus().get() == JobStatus.RUNNING);
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> cluster.triggerCheckpoint(job.getJobID(), CheckpointType.FULL)
                                    .get()
                            > 0);

            String checkpoints = "/jobs/" + job.getJobID() + "/checkpoints/config";
            assertThat(get(flink, checkpoints))
                    .contains("EmbeddedRocksDBStateBackend")
                    .contains("\"interval\":5000");
            assertThat(sharedStateFiles(parent))
                    .as("files of incremental checkpoints")
                    .isPositive();
        }
        assertThat(parent).isEmptyDirectory();
    }

    private static JobClient submit(StreamExecutionEnvironment environment) throws Exception {
        environment
                .fromSequence(0, Long.MAX_VALUE)
                .keyBy(number -> number % 1_000)
                .process(new Counter())
                .sinkTo(new DiscardingSink<>());
        return environment.executeAsync("count");
    }

    private static long sharedStateFiles(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            return files.filter(file -> file.getParent().endsWith("shared")).count();
        }
    }

    private String get(FlinkCluster flink, String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(flink.restUri() + path)).build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return response.body();
    }

    /** Counts per key, so that there is state to checkpoint. */
    private static final class Counter extends KeyedProcessFunction<Long, Long, Long> {
        private transient ValueState<Long> count;

        @Override
        public void open(OpenContext context) {
            count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
        }

        @Override
        public void processElement(Long number, Context context, Collector<Long> out) throws IOException {
            Long before = count.value();
            count.update(before == null ? 1 : before + 1);
            out.collect(number);
        }
    }
}
