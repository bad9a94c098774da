package dev.tidemark.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tidemark.jobs.Pause;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** The REST API of a Flink cluster's JobManager. */
final class FlinkRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** A submission runs the job's main method, which waits for Kafka and Postgres; an upload is some 40 MB. */
    private static final Duration ANSWER = Duration.ofMinutes(2);

    private static final int UNAVAILABLE = 503;

    /** How long a cluster may be silent that has begun to do what it was asked. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(500);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final URI cluster;

    /**
     * A client of the cluster at an address; it is not asked yet.
     *
     * @param address {@code http://host:port}, or {@code host:port}
     * @throws UserException if it is none of these
     */
    FlinkRest(String address) {
        String url = address.contains("://") ? address : "http://" + address;
        try {
            cluster = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
        } catch (IllegalArgumentException e) {
            throw notAnAddress(address);
        }
        if (cluster.getHost() == null || !String.valueOf(cluster.getScheme()).startsWith("http")) {
            throw notAnAddress(address);
        }
    }

    private static UserException notAnAddress(String address) {
        return new UserException("--cluster " + address + " is not the address of a JobManager's web interface, such as"
                + " http://localhost:8081.");
    }

    @Override
    public String toString() {
        return cluster.toString();
    }

    /**
     * Asks for something.
     *
     * @throws UserException if the cluster does not answer
     * @throws ClusterException if it answers anything but a success
     */
    JsonNode get(String path) throws InterruptedException {
        return send("GET", path, BodyPublishers.noBody(), "application/json");
    }

    /**
     * Asks how far the cluster is with something that it has begun, and asks again if it is silent for a moment.
     *
     * @throws ClusterException if it does not answer for a minute, or answers anything but a success
     */
    JsonNode poll(String path) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return get(path);
            } catch (UserException e) {
                if (System.nanoTime() - end > 0) {
                    throw new ClusterException(String.valueOf(e.getMessage()));
                }
                Pause.of(BETWEEN_ATTEMPTS);
            }
        }
    }

    /**
     * Asks the cluster to do something.
     *
     * @throws UserException if it does not answer; whether it does it is then uncertain
     * @throws ClusterException if it answers anything but a success
     */
    JsonNode post(String path, Map<String, ?> body) throws InterruptedException {
        try {
            return send("POST", path, BodyPublishers.ofString(JSON.writeValueAsString(body)), "application/json");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** @throws ClusterException if the cluster answers anything but a success */
    void patch(String path) throws InterruptedException {
        send("PATCH", path, BodyPublishers.noBody(), "application/json");
    }

    /**
     * Uploads a jar and returns the id under which the cluster holds it.
     *
     * @throws UserException if the file cannot be read
     * @throws ClusterException if the cluster does not take it
     */
    String upload(Path jar) throws InterruptedException {
        String boundary = UUID.randomUUID().toString();
        String head = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\""
                + jar.getFileName() + "\"\r\nContent-Type: application/x-java-archive\r\n\r\n";
        try {
            BodyPublisher body = BodyPublishers.concat(
                    BodyPublishers.ofString(head),
                    BodyPublishers.ofFile(jar),
                    BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
            JsonNode answer = send("POST", "/jars/upload", body, "multipart/form-data; boundary=" + boundary);
            String path = answer.path("filename").asText();
            return path.substring(path.lastIndexOf('/') + 1);
        } catch (FileNotFoundException e) {
            throw new UserException("There is no jar " + jar + " to upload.");
        }
    }

    private JsonNode send(String method, String path, BodyPublisher body, String type) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(cluster + path))
                .timeout(ANSWER)
                .header("Content-Type", type)
                .method(method, body)
                .build();
        HttpResponse<String> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw silent(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
        if (response.statusCode() == UNAVAILABLE) {
            throw silent("its JobManager is not ready yet");
        }
        if (response.statusCode() / 100 != 2) {
            throw refusal(method + " " + path, response);
        }
        return parsed(response.body());
    }

    private UserException silent(String how) {
        return new UserException("The Flink cluster at " + cluster + " does not answer (" + how
                + "). Is it running, and is this the address of its JobManager's web interface?");
    }

    private JsonNode parsed(String body) {
        try {
            return body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new ClusterException(
                    "What answers at " + cluster
                            + " is not a Flink cluster: its answer is not JSON. Give the address of the JobManager's web interface.");
        }
    }

    private ClusterException refusal(String what, HttpResponse<String> response) {
        StringBuilder errors = new StringBuilder();
        try {
            JSON.readTree(response.body()).path("errors").forEach(error -> errors.append(error.asText())
                    .append('\n'));
        } catch (JsonProcessingException e) {
            errors.append(response.body());
        }
        return new ClusterException("The Flink cluster at " + cluster + " answers " + what + " with "
                + response.statusCode() + ": " + FlinkFailure.reason(errors.toString()));
    }
}
