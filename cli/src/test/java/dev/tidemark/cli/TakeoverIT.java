package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.engine.oracle.RowText;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A version takes over from another and gives way again while payments flow, in disorder and some late, and a reader asks for
 * values all along.
 */
final class TakeoverIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String VIEW =
            """
            kind: FeatureView
            name: cards
            version: 1
            entity: card
            source: payments
            features:
              - { name: seen, aggregate: count }
              - { name: amount, aggregate: sum, column: amount }
              - { name: last, aggregate: last, column: amount }
              - { name: recent, aggregate: sum, column: amount, windows: [{ length: 5s, step: exact }, 1m] }
            """;
    private static final String SERVICE =
            """
            ---
            kind: FeatureService
            name: cards
            features: ["cards:seen", "cards:amount", "cards:last"]
            """;

    @TempDir
    private Path directory;

    private CardsScene scene;

    @BeforeEach
    void open() {
        scene = new CardsScene(directory);
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @Test
    void aVersionTakesOverUnderLoadAndGoesBackWithoutAGapOrAMixture() throws Exception {
        FeatureView first = scene.view(VIEW);
        FeatureView second = scene.view(second());
        scene.payments.publishPast(2_000, Duration.ofMinutes(20).toMillis());
        scene.payments.flow();
        scene.apply(VIEW + SERVICE);
        scene.start(first);
        await().atMost(PATIENCE).until(() -> scene.online.size() == LiveCards.CARDS);
        try (CardReader reader = new CardReader(scene.server.url())) {
            await().atMost(PATIENCE).until(() -> reader.version().isPresent());
            assertThat(scene.apply(second()))
                    .contains("cards@2 is not current: cards@1 is, until './tidemark takeover'.");
            // Submitted as a person would, it does not begin where the other job has come to.
            scene.start(second);
            refusesWhatIsNotWhatTheLogMakes();
            assertThat(reader.version()).hasValue(1);

            CardsScene.Outcome taken = scene.run("takeover", "--view", "cards", "--entities", "all", "--json");
            assertThat(taken.exitCode()).as(taken.toString()).isZero();
            assertThat(taken.err())
                    .contains("Takeover from cards@1 to cards@2.", "define 1 features the same")
                    .containsPattern(": values=[1-9]\\d* differing=0\n");
            CardReader.Switch there = certificate(taken, 1, 2);
            await().atMost(PATIENCE).until(() -> reader.version().orElseThrow() == 2);
            awaitMore(reader, 2, 50);

            CardsScene.Outcome back = scene.run("takeover", "--view", "cards", "--rollback", "--json");
            assertThat(back.exitCode()).as(back.toString()).isZero();
            CardReader.Switch backAgain = certificate(back, 2, 1);
            await().atMost(PATIENCE).until(() -> reader.version().orElseThrow() == 1);
            awaitMore(reader, 1, 50);
            reader.stop();
            scene.payments.close();
            reader.check(accepted(first), List.of(there, backAgain));
        }
        assertThat(scene.run("takeover", "--list", "--view", "cards").out())
                .contains("certificate 1: cards@1 -> cards@2 at ", "certificate 2: cards@2 -> cards@1 at ")
                .contains(" mismatches=0\n");
        assertHistory(first);
        assertHistory(second);
    }

    @Test
    void aVersionWhoseJobStandsStillIsForcedOrNotTakenBack() throws Exception {
        FeatureView first = scene.view(VIEW);
        FeatureView second = scene.view(second());
        scene.payments.publishPast(500, Duration.ofMinutes(5).toMillis());
        scene.apply(VIEW);
        scene.apply(second());
        CardsScene.Outcome never = scene.run("takeover", "--view", "cards", "--timeout", "1s");
        assertThat(never.exitCode()).isEqualTo(3);
        assertThat(never.out()).contains("Refused: No job of cards@2 has taken a checkpoint yet");
        assertThat(scene.run("takeover", "--view", "cards", "--rollback").err())
                .contains("cards@1 has been the current version from the beginning");
        JobClient old = scene.start(first);
        scene.start(second);
        CardsScene.Outcome taken = scene.run("takeover", "--view", "cards", "--to", "2");
        assertThat(taken.exitCode()).as(taken.toString()).isZero();
        assertThat(taken.out()).contains("certificate 1: cards@1 -> cards@2", "\nentities=24 ", " mismatches=0\n");
        assertThat(scene.run("takeover", "--view", "cards").err()).contains("cards@2 is the current version already.");

        assertThat(scene.run("takeover", "--view", "cards", "--rollback").exitCode())
                .isZero();
        assertThat(scene.run("takeover", "--view", "cards").exitCode()).isZero();
        scene.cancel(old);
        scene.payments.publishPast(100, 1_000);
        CardsScene.Outcome stale = scene.run("takeover", "--view", "cards", "--rollback", "--timeout", "1s");
        assertThat(stale.exitCode()).as(stale.toString()).isEqualTo(3);
        assertThat(stale.out()).contains("Refused: cards@1 is STALE: its job is 100 of 600 offsets behind");
        assertThat(scene.current()).isEqualTo(2);
        CardsScene.Outcome forced = scene.run("takeover", "--view", "cards", "--rollback", "--force");
        assertThat(forced.exitCode()).isZero();
        assertThat(forced.out())
                .contains("FORCED: nothing is compared. cards@1 is STALE", "\nforced: nothing was compared\n");
        assertThat(scene.current()).isEqualTo(1);
    }

    private void refusesWhatIsNotWhatTheLogMakes() throws Exception {
        String row = " where card = 'card-3' and valid_from = (select min(valid_from) from history.cards_v2"
                + " where card = 'card-3')";
        await().atMost(PATIENCE).until(() -> scene.sql("update history.cards_v2 set amount = amount + 1" + row) == 1);
        CardsScene.Outcome refused = scene.run("takeover", "--view", "cards", "--entities", "all", "--patience", "2s");
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
        assertThat(refused.out())
                .contains("The history row is not what the log makes at its instant.")
                .contains(" mismatches=1\n")
                .contains("Refused: cards@2 does not take over; cards@1 stays current.");
        assertThat(scene.current()).isEqualTo(1);
        assertThat(scene.registry.takeovers()).isEmpty();
        assertThat(scene.sql("update history.cards_v2 set amount = amount - 1" + row))
                .isEqualTo(1);
    }

    /** The takeover that a certificate tells of, which a server must follow within a second. */
    private static CardReader.Switch certificate(CardsScene.Outcome outcome, int from, int to) throws Exception {
        long until = System.currentTimeMillis() + 1_000;
        JsonNode certificate = JSON.readTree(outcome.out());
        assertThat(certificate.get("from").asInt()).isEqualTo(from);
        assertThat(certificate.get("to").asInt()).isEqualTo(to);
        assertThat(certificate.get("mismatches").asLong()).isZero();
        assertThat(certificate.get("entities").asLong()).isEqualTo(LiveCards.CARDS);
        assertThat(certificate.get("rows").asLong()).isGreaterThan(2_000);
        Map<Integer, Long> offsets = new HashMap<>();
        for (String part : certificate
                .get("offsets")
                .properties()
                .iterator()
                .next()
                .getValue()
                .asText()
                .split(",")) {
            String[] position = part.split(":");
            offsets.put(Integer.valueOf(position[0]), Long.valueOf(position[1]));
        }
        assertThat(offsets).hasSize(LiveCards.PARTITIONS);
        Instant at = Instant.parse(certificate.get("at").asText());
        return new CardReader.Switch(to, at.toEpochMilli(), until, offsets);
    }

    private static void awaitMore(CardReader reader, int version, int answers) {
        int before = reader.counts().getOrDefault(version, 0);
        await().atMost(PATIENCE).until(() -> reader.counts().getOrDefault(version, 0) >= before + answers);
    }

    private List<LogEvent> accepted(FeatureView view) {
        List<LogEvent> log = scene.payments.log();
        List<LogEvent> late = Oracle.of(view, log).late();
        assertThat(late).hasSizeGreaterThan(20);
        return log.stream().filter(event -> !late.contains(event)).toList();
    }

    private void assertHistory(FeatureView view) {
        Map<Integer, Long> greatest = new HashMap<>();
        scene.payments.log().forEach(event -> greatest.merge(event.partition(), event.time(), Math::max));
        long settled =
                greatest.values().stream().mapToLong(Long::longValue).min().orElseThrow() - LiveCards.LATENESS;
        SortedMap<String, List<String>> expected =
                texts(Oracle.of(view, scene.payments.log()).historyUntil(settled));
        await().atMost(PATIENCE).untilAsserted(() -> {
            SortedMap<String, List<FeatureRow>> found = new TreeMap<>();
            scene.history.scan(view, (key, row) -> found.computeIfAbsent(key, none -> new ArrayList<>())
                    .add(row));
            assertThat(texts(found)).isEqualTo(expected);
        });
    }

    private static SortedMap<String, List<String>> texts(SortedMap<String, List<FeatureRow>> rows) {
        SortedMap<String, List<String>> texts = new TreeMap<>();
        rows.forEach((key, list) -> texts.put(key, RowText.ofSettled(list)));
        return texts;
    }

    private static String second() {
        return VIEW.replace("version: 1", "version: 2").replace("column: amount", "column: debit");
    }
}
