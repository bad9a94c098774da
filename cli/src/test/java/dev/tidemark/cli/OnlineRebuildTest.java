package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.oracle.Oracle;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a row from the history is said to end, beside when it does. */
final class OnlineRebuildTest {
    private final PaymentsLog log = new PaymentsLog(2, 200, 1_500_000_000_000L);

    @Test
    void onlyTheRowInWhichAllHasLeftNeverEnds() throws Exception {
        Path directory = Path.of("..", "feature-defs", "examples", "payments");
        for (FeatureView view : DefinitionReader.readDirectory(directory).views()) {
            Oracle oracle = Oracle.of(view, log.readable());
            long never = oracle.keys().stream()
                    .filter(key -> endsAreTrue(view, oracle.history(key)))
                    .count();
            assertThat(never).isPositive();
        }
    }

    @Test
    void aRowOfLifetimesNeverEnds() throws Exception {
        FeatureView view = view("{ name: n, aggregate: count }");
        assertThat(OnlineRebuild.validUntil(view, row(1_001, 1_000))).isEqualTo(FeatureRow.NEVER);
    }

    @Test
    void aPeriodIsOverWhenTheNextOneIs() throws Exception {
        FeatureView view = view("{ name: n, aggregate: count, windows: [{ tumbling: 1h }] }");
        long hour = 3_600_000;
        assertThat(OnlineRebuild.validUntil(view, row(hour, 10))).isEqualTo(hour + 1);
        assertThat(OnlineRebuild.validUntil(view, row(2 * hour, 10))).isEqualTo(FeatureRow.NEVER);
    }

    @Test
    void ofCivilPeriodsNothingIsPromised() throws Exception {
        FeatureView view = view("{ name: n, aggregate: count, windows: [{ tumbling: 1d, time_zone: Europe/Berlin }] }");
        assertThat(OnlineRebuild.validUntil(view, row(1_000_000_000, 10))).isEqualTo(1_000_000_001);
    }

    /** The last row of an entity need not be said never to end: its last windows may have been empty before they ended. */
    private static boolean endsAreTrue(FeatureView view, List<FeatureRow> rows) {
        boolean never = false;
        for (int i = 0; i < rows.size(); i++) {
            FeatureRow row = rows.get(i);
            long end = OnlineRebuild.validUntil(view, row);
            never = end == FeatureRow.NEVER;
            if (!never || i < rows.size() - 1) {
                assertThat(end).as("%s %s", view.id(), row).isEqualTo(row.validFrom() + 1);
            }
        }
        return never;
    }

    private static FeatureRow row(long validFrom, long lastEventTime) {
        return new FeatureRow(List.of(1L), validFrom, FeatureRow.NEVER, lastEventTime);
    }

    private static FeatureView view(String feature) throws Exception {
        String text =
                """
                kind: Source
                name: s
                kafka: { topic: t }
                schema: { ts: long, id: string }
                event_time: { column: ts, unit: millis }
                allowed_lateness: 1s
                idle_timeout: 1s
                ---
                kind: Entity
                name: e
                keys: { id: string }
                ---
                kind: FeatureView
                name: v
                version: 1
                entity: e
                source: s
                features:
                """
                        + "  - " + feature + "\n";
        return DefinitionReader.read(List.of(new DefinitionReader.Text("v.yaml", text)))
                .views()
                .get(0);
    }
}
