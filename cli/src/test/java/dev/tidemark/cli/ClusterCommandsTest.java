package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the commands for a cluster say when the caller is at fault, or the cluster is none. */
final class ClusterCommandsTest {
    private static final String PAYMENTS = "../feature-defs/examples/payments";
    private static final String[] SERVERS = {
        "--kafka", "127.0.0.1:1",
        "--postgres", "jdbc:postgresql://127.0.0.1:1/x?password=hush",
        "--redis", "redis://127.0.0.1:1"
    };

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void everyCommandWantsACluster() {
        for (String[] command : new String[][] {{"jobs"}, {"savepoint", "tidemark"}, {"stop", "tidemark"}}) {
            assertThat(run(command)).as(command[0]).isEqualTo(2);
        }
        assertThat(err.toString().lines())
                .hasSize(3)
                .allMatch(line ->
                        line.equals("Which cluster? Give --cluster http://HOST:8081, or set TIDEMARK_FLINK_URL."));
    }

    @Test
    void aClusterThatDoesNotAnswerIsNamed() {
        assertThat(run("jobs", "--cluster", "127.0.0.1:1")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("The Flink cluster at http://127.0.0.1:1 does not answer (")
                .doesNotContain("Exception:");
        assertThat(run("jobs", "--cluster", "ftp://x")).isEqualTo(2);
        assertThat(err.toString()).contains("--cluster ftp://x is not the address");
    }

    @Test
    void anotherServerIsNotTakenForACluster() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        server.createContext("/", exchange -> {
            byte[] page = "<html>Welcome</html>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        try {
            assertThat(run(
                            "jobs",
                            "--cluster",
                            "127.0.0.1:" + server.getAddress().getPort()))
                    .isEqualTo(1);
            assertThat(err.toString()).contains("is not a Flink cluster: its answer is not JSON");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aClusterThatIsSilentForAMomentIsAskedAgain() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        AtomicInteger asked = new AtomicInteger();
        server.createContext("/jobs", exchange -> {
            if (asked.incrementAndGet() < 3) {
                exchange.sendResponseHeaders(503, -1);
            } else {
                byte[] jobs = "{\"jobs\":[{\"id\":\"a\"}]}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, jobs.length);
                exchange.getResponseBody().write(jobs);
            }
            exchange.close();
        });
        server.start();
        try {
            FlinkRest rest = new FlinkRest("127.0.0.1:" + server.getAddress().getPort());
            assertThatThrownBy(() -> rest.get("/jobs")).isInstanceOf(UserException.class);
            assertThat(new JobLaunch(rest).knows("a")).isTrue();
            assertThat(asked).hasValue(3);

            asked.set(0); // What is silent to a stop may have begun it.
            assertThatThrownBy(() -> new JobSavepoint(rest, null).takeAndStop("a"))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("does not answer")
                    .hasMessageContaining("The savepoint of job a may have been begun.");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void submitFindsFaultsBeforeItAsksTheCluster() {
        assertThat(submit("--defs", directory.resolve("none").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("There is no directory");
        assertThat(submit("--defs", PAYMENTS, "--parallelism", "0", "--checkpoint-interval", "0"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--parallelism is 0", "--checkpoint-interval is 0");
        assertThat(submit("--defs", PAYMENTS, "--bundle", "1m", "--corrections", "1y"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--bundle is 1m", "--corrections is 365d");
        assertThat(run(
                        "submit",
                        "--defs",
                        PAYMENTS,
                        "--kafka",
                        "k:1",
                        "--postgres",
                        "localhost",
                        "--redis",
                        "localhost"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("jdbc:postgresql://", "redis://")
                .doesNotContain("hush")
                .doesNotContain("does not answer");
    }

    private int submit(String... arguments) {
        String[] all = new String[arguments.length + SERVERS.length + 3];
        all[0] = "submit";
        all[1] = "--cluster";
        all[2] = "127.0.0.1:1";
        System.arraycopy(SERVERS, 0, all, 3, SERVERS.length);
        System.arraycopy(arguments, 0, all, 3 + SERVERS.length, arguments.length);
        return run(all);
    }

    private int run(String... arguments) {
        CommandLine command = Tidemark.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        System.setProperty("tidemark.home", "..");
        return command.execute(arguments);
    }
}
