package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.HistoryWrite;
import dev.tidemark.stores.InMemoryHistoryStore;
import dev.tidemark.stores.InMemoryOnlineStore;
import dev.tidemark.stores.OnlineWrite;
import dev.tidemark.stores.Writer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person reads of the two stores. */
final class StoredValuesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final long SECOND = 1_000;
    private static final String DEFINITIONS =
            """
            kind: Source
            name: edits
            kafka: { topic: edits }
            schema: { ts: long, wiki: string, page: long, size: double }
            event_time: { column: ts, unit: millis }
            allowed_lateness: 1s
            idle_timeout: 1s
            ---
            kind: Entity
            name: page
            keys: { wiki: string, page: long }
            ---
            kind: FeatureView
            name: pages
            version: 1
            entity: page
            source: edits
            ttl: 1h
            features:
              - { name: edits, aggregate: count, windows: [1m, 10m] }
              - { name: size, aggregate: sum, column: size, windows: [1m] }
            derived:
              - { name: idle_s, expr: "(now - last_event_time).getSeconds()", type: long }
            ---
            kind: FeatureService
            name: reviews
            features: ["pages:size_1m", "pages:edits_1m", "pages:idle_s"]
            """;

    private final InMemoryOnlineStore online = new InMemoryOnlineStore();
    private final InMemoryHistoryStore history = new InMemoryHistoryStore();
    private Definitions definitions;
    private FeatureView pages;

    @BeforeEach
    void define() throws Exception {
        definitions = DefinitionReader.read(List.of(new DefinitionReader.Text("edits.yaml", DEFINITIONS)));
        pages = definitions.view("pages").orElseThrow();
        history.create(pages);
    }

    @Test
    void showsBothStoresSideBySideAndOnlyWhatTheServiceReads() {
        long event = NOW.toEpochMilli() - 30 * SECOND;
        online(row(event, event + 60 * SECOND, 2L, 3L, 0.1));
        history(row(event - 90 * SECOND, FeatureRow.NEVER, 1L, 1L, null));

        assertThat(print(Map.of("wiki", "de", "page", "7")))
                .isEqualTo(
                        """
                        pages@1 of page ["de",7]
                                                   online (Redis)                     history (Postgres)
                          last_event_time          2026-01-01T11:59:30.000Z           2026-01-01T11:58:00.000Z
                          valid_from               2026-01-01T11:59:30.001Z           2026-01-01T11:58:00.001Z
                          valid_until              2026-01-01T12:00:30.000Z           the next row
                          size_1m                  0.1                                null
                          edits_1m                 2                                  1
                          idle_s                   30                                 120

                        """);
    }

    @Test
    void saysWhatIsNotThereAndWhatIsTooOld() {
        assertThat(print(Map.of("wiki", "de", "page", "7")).lines().skip(2).filter(line -> !line.isBlank()))
                .hasSize(6)
                .allMatch(line -> line.contains("(not found)"));

        online(row(NOW.toEpochMilli() - 3_600 * SECOND, FeatureRow.NEVER, 0L, 0L, null));
        history(row(NOW.toEpochMilli() - 3_601 * SECOND, FeatureRow.NEVER, 0L, 0L, null));
        assertThat(print(Map.of("wiki", "de", "page", "7")))
                .contains(
                        "last_event_time          2026-01-01T11:00:00.000Z           2026-01-01T10:59:59.000Z past its ttl\n")
                .contains("valid_until              the next event                     the next row\n");
    }

    @Test
    void refusesJoinKeysThatDoNotFit() {
        assertThatThrownBy(() -> print(Map.of("wiki", "de")))
                .isInstanceOf(UserException.class)
                .hasMessage("The entity page needs --entity page=VALUE.");
        assertThatThrownBy(() -> print(Map.of("wiki", "de", "page", "seven")))
                .isInstanceOf(UserException.class)
                .hasMessage("--entity page=seven is not a long.");
        assertThatThrownBy(() -> print(Map.of("wiki", "de", "page", "7", "user", "ann")))
                .isInstanceOf(UserException.class)
                .hasMessage("The service's views have no join key 'user'. They have: wiki, page.");
    }

    private static FeatureRow row(long lastEventTime, long validUntil, Object... values) {
        return new FeatureRow(new ArrayList<>(Arrays.asList(values)), lastEventTime + 1, validUntil, lastEventTime);
    }

    private void online(FeatureRow row) {
        online.put(Epoch.byHand(pages, 1), List.of(new OnlineWrite(pages, key(), row)));
    }

    private void history(FeatureRow row) {
        Epoch epoch = history.enter(pages, new Writer(Writer.Line.LIVE, "job", "run", "history/0", 0));
        history.write(epoch, List.of(new HistoryWrite(pages, key(), row)));
    }

    private String key() {
        return JoinKeys.encode(pages.entity(), List.of("de", 7L));
    }

    private String print(Map<String, String> entity) {
        StringWriter out = new StringWriter();
        new StoredValues(online, history, Clock.fixed(NOW, ZoneOffset.UTC))
                .print(definitions.service("reviews").orElseThrow(), entity, new PrintWriter(out));
        return out.toString();
    }
}
