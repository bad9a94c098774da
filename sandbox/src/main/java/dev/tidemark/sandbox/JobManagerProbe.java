package dev.tidemark.sandbox;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Asks a JobManager for its TaskManagers. */
final class JobManagerProbe {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int OK = 200;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI address;

    JobManagerProbe(URI restUri) {
        address = restUri.resolve("/taskmanagers");
    }

    /**
     * Looks whether all of some TaskManagers are there with their slots.
     *
     * @throws IOException if one is not, or the JobManager does not answer
     */
    void expect(List<String> ids) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(TIMEOUT).build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != OK) {
            throw new IOException("%s answers %s, %s".formatted(address, response.statusCode(), response.body()));
        }
        for (String id : ids) {
            // Its own number of slots: no other id in between.
            String pattern = "\"id\":\"" + id + "\"((?!\"id\":).)*\"slotsNumber\":[1-9]";
            if (!Pattern.compile(pattern).matcher(response.body()).find()) {
                throw new IOException("the JobManager does not know the slots of " + id);
            }
        }
    }
}
