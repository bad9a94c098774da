package dev.tidemark.cli;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.sandbox.Sandbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code tidemark audit} in a process of its own, as its user starts and ends it. */
final class AuditProcess {
    private static final Pattern ADDRESS = Pattern.compile("Metrics are at (\\S+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path output;

    private AuditProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static AuditProcess start(Path directory, Sandbox sandbox, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-Djava.io.tmpdir=" + directory,
                "-jar",
                "target/tidemark.jar",
                "audit"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--postgres", sandbox.postgresJdbcUrl(), "--redis", sandbox.redisUri()));
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new AuditProcess(process, output);
    }

    /** The value of a metric without labels; -1 while there is none. */
    double metric(String name) throws Exception {
        return value(name + " ");
    }

    /** The value of a metric of a view; -1 while there is none. */
    double metric(String name, FeatureView view) throws Exception {
        return value(name + "{view=\"" + view.id() + "\"} ");
    }

    private double value(String start) throws Exception {
        Matcher address = ADDRESS.matcher(output());
        if (!address.find()) {
            return -1;
        }
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address.group(1))).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
                .findFirst()
                .orElse(-1);
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** Tells it to end, and waits until it has. */
    void terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
    }

    int exitCode() {
        return process.exitValue();
    }
}
