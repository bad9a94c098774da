package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.RedisOnlineStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Compares both stores with the oracle, to the last bit. */
final class StoresProof {
    private final PostgresHistoryStore history;
    private final RedisOnlineStore online;
    private final Duration patience;

    StoresProof(PostgresHistoryStore history, RedisOnlineStore online, Duration patience) {
        this.history = history;
        this.online = online;
        this.patience = patience;
    }

    /** The history has the oracle's rows up to what the log settles, and no other. */
    void historyIsTheOracles(FeatureView view, Oracle oracle, long settled) {
        historyHas(view, oracle, settled, true);
    }

    /** The history has the oracle's rows up to what the log settles. Beyond, where a partition was idle, it has the oracle's or none. */
    void historyIsTheOraclesAtLeast(FeatureView view, Oracle oracle, long settled) {
        historyHas(view, oracle, settled, false);
    }

    private void historyHas(FeatureView view, Oracle oracle, long settled, boolean exactly) {
        long least = oracle.historyUntil(settled).values().stream()
                .mapToLong(List::size)
                .sum();
        // The test's own connections may have died with the server.
        await(view.id()).atMost(patience).ignoreExceptions().until(() -> history.count(view) >= least);
        await(view.id()).atMost(patience).ignoreExceptions().untilAsserted(() -> {
            long rows = 0;
            for (String key : oracle.keys()) {
                List<List<Object>> stored = content(history.rows(view, key));
                List<List<Object>> all = content(oracle.history(key));
                long due =
                        all.stream().filter(row -> (long) row.get(0) <= settled).count();
                assertThat(stored).as(view.id() + key).hasSizeBetween((int) due, exactly ? (int) due : all.size());
                assertThat(stored).as(view.id() + key).isEqualTo(all.subList(0, stored.size()));
                rows += stored.size();
            }
            assertThat(history.count(view))
                    .as("rows of entities that there are")
                    .isEqualTo(rows);
        });
    }

    /** The online store has a row of every entity, one of the oracle's, that knows the entity's last event. */
    void onlineIsTheOracles(FeatureView view, Oracle oracle) {
        List<String> keys = List.copyOf(oracle.keys());
        await(view.id() + " online").atMost(patience).ignoreExceptions().untilAsserted(() -> {
            List<FeatureRow> rows = online.get(view, keys);
            for (int i = 0; i < keys.size(); i++) {
                FeatureRow row = rows.get(i);
                assertThat(row).as(keys.get(i)).isNotNull();
                List<FeatureRow> all = oracle.history(keys.get(i));
                assertThat(row.lastEventTime())
                        .as(keys.get(i))
                        .isEqualTo(all.get(all.size() - 1).lastEventTime());
                assertThat(content(all)).as(keys.get(i)).containsAll(content(List.of(row)));
            }
        });
    }

    private static List<List<Object>> content(List<FeatureRow> rows) {
        List<List<Object>> content = new ArrayList<>();
        for (FeatureRow row : rows) {
            List<Object> parts = new ArrayList<>(List.of(row.validFrom(), row.lastEventTime()));
            parts.addAll(row.values());
            content.add(parts);
        }
        return content;
    }
}
