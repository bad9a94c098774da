package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.engine.oracle.LogEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Asks a server for the values of all cards, over and over, and remembers every answer. */
final class CardReader implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Between an answer and the next question, milliseconds: the servers have other work on the same machine. */
    private static final long PAUSE = 5;

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpRequest request;
    private final List<Answer> answers = new ArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Future<?> reading;

    CardReader(String server) {
        ObjectNode body = JSON.createObjectNode().put("feature_service", "cards");
        for (int card = 0; card < LiveCards.CARDS; card++) {
            body.withObject("/entities").withArray("/card").add(LiveCards.card(card));
        }
        request = HttpRequest.newBuilder(URI.create(server + "/get-online-features"))
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        reading = thread.scheduleWithFixedDelay(this::read, 0, PAUSE, TimeUnit.MILLISECONDS);
    }

    /**
     * One answer.
     *
     * @param asked when, epoch milliseconds
     * @param answered when, epoch milliseconds
     * @param cards one for each card, in order
     */
    private record Answer(long asked, long answered, List<Values> cards) {}

    /** What was said of a card: how many payments, their sum, and the last one. */
    private record Values(long seen, long amount, long last) {
        /** By the sign that the versions give to amounts; fails if the values are of both. */
        int version() {
            assertThat(Long.signum(amount)).as(toString()).isEqualTo(Long.signum(last));
            return amount > 0 ? 1 : 2;
        }
    }

    private void read() {
        Answer answer = ask();
        synchronized (answers) {
            answers.add(answer);
        }
    }

    private Answer ask() {
        try {
            long asked = System.currentTimeMillis();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            long answered = System.currentTimeMillis();
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            JsonNode results = JSON.readTree(response.body()).path("results");
            List<Values> cards = new ArrayList<>();
            for (int card = 0; card < LiveCards.CARDS; card++) {
                for (int column = 1; column <= 3; column++) {
                    assertThat(results.get(column).get("statuses").get(card).textValue())
                            .as(response.body())
                            .isEqualTo("PRESENT");
                }
                cards.add(new Values(value(results, 1, card), value(results, 2, card), value(results, 3, card)));
            }
            return new Answer(asked, answered, cards);
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long value(JsonNode results, int column, int card) {
        return results.get(column).get("values").get(card).longValue();
    }

    /** The version that all values of the newest answer are of; empty while there is none. */
    Optional<Integer> version() {
        synchronized (answers) {
            return answers.isEmpty()
                    ? Optional.empty()
                    : Optional.of(answers.get(answers.size() - 1).cards().get(0).version());
        }
    }

    /**
     * A takeover.
     *
     * @param to the version
     * @param from no server can have known of it before, epoch milliseconds
     * @param until every server must know of it from then on, epoch milliseconds
     * @param offsets the end of the log that was compared before, by partition
     */
    record Switch(int to, long from, long until, Map<Integer, Long> offsets) {}

    /**
     * Checks every answer: all of it is of the version that was current, each card's values are what a prefix of its payments
     * makes, none is taken back, and a version that takes over knows at least the log that was compared.
     *
     * @param accepted the payments that are not late
     */
    void check(List<LogEvent> accepted, List<Switch> switches) {
        List<List<Values>> expected = new ArrayList<>();
        for (int card = 0; card < LiveCards.CARDS; card++) {
            expected.add(prefixes(LiveCards.card(card), accepted));
        }
        long[][] least = new long[3][LiveCards.CARDS];
        int current = 1;
        int next = 0;
        for (Answer answer : answers) {
            int version = answer.cards().get(0).version();
            if (next < switches.size()) {
                Switch change = switches.get(next);
                if (answer.asked() > change.until() || version == change.to() && answer.answered() >= change.from()) {
                    current = change.to();
                    raise(least[current], accepted, change.offsets());
                    next++;
                }
            }
            assertThat(version).as("the version at " + answer.asked()).isEqualTo(current);
            for (int card = 0; card < LiveCards.CARDS; card++) {
                Values values = answer.cards().get(card);
                assertThat(values.version()).as("all values of an answer").isEqualTo(version);
                Values plain = version == 1 ? values : new Values(values.seen, -values.amount, -values.last);
                assertThat(plain).isEqualTo(expected.get(card).get((int) values.seen() - 1));
                assertThat(values.seen()).as(LiveCards.card(card)).isGreaterThanOrEqualTo(least[version][card]);
                least[version][card] = values.seen();
            }
        }
        assertThat(next).as("takeovers that were seen").isEqualTo(switches.size());
    }

    /** Sets how many payments of each card must be known: those up to some offsets. */
    private static void raise(long[] least, List<LogEvent> accepted, Map<Integer, Long> offsets) {
        for (int card = 0; card < LiveCards.CARDS; card++) {
            String name = LiveCards.card(card);
            long known = accepted.stream()
                    .filter(event -> name.equals(event.columns().get("card")))
                    .filter(event -> event.offset() <= offsets.getOrDefault(event.partition(), -1L))
                    .count();
            least[card] = Math.max(least[card], known);
        }
    }

    /** The values after each payment of a card, in the order of the log. */
    private static List<Values> prefixes(String card, List<LogEvent> accepted) {
        List<Values> prefixes = new ArrayList<>();
        List<LogEvent> known = new ArrayList<>();
        long sum = 0;
        for (LogEvent event : accepted) {
            if (card.equals(event.columns().get("card"))) {
                known.add(event);
                sum += (Long) event.columns().get("amount");
                LogEvent last = known.stream()
                        .max(Comparator.comparingLong(LogEvent::time).thenComparingLong(LogEvent::offset))
                        .orElseThrow();
                prefixes.add(new Values(known.size(), sum, (Long) last.columns().get("amount")));
            }
        }
        return prefixes;
    }

    /** How many answers there were of each version. */
    Map<Integer, Integer> counts() {
        Map<Integer, Integer> counts = new TreeMap<>();
        synchronized (answers) {
            answers.forEach(answer -> counts.merge(answer.cards().get(0).version(), 1, Integer::sum));
        }
        return counts;
    }

    /** Ends; throws what went wrong while it read. */
    void stop() throws ExecutionException, InterruptedException {
        close();
        if (!reading.isCancelled()) {
            reading.get();
        }
    }

    @Override
    public void close() throws InterruptedException {
        thread.shutdown();
        assertThat(thread.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
}
