package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;
import dev.tidemark.defs.Window.CivilUnit;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.engine.oracle.RowText;
import dev.tidemark.engine.oracle.ViewBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The last complete period, also where clocks shift: days of 23, 23.5, 24.5 and 25 hours, and a midnight that does not exist. */
final class TumblingWindowsTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();

    @ParameterizedTest
    @CsvSource({
        "2026-03-28T23:00:00Z, Europe/Berlin, 23",
        "2026-10-24T22:00:00Z, Europe/Berlin, 25",
        "2026-07-01T18:15:00Z, Asia/Kathmandu, 24",
        "2018-11-04T03:00:00Z, America/Sao_Paulo, 23",
    })
    void aDayHasAsManyHoursAsTheClocksShow(Instant start, ZoneId zone, int hours) {
        FeatureView view = view(CivilUnit.DAY, zone);
        EntityState entity = EntityState.create(ViewPlan.of(view));
        for (int i = 0; i < 40; i++) {
            // The first event falls into the day's first millisecond.
            entity.accept(new InputEvent(start.toEpochMilli() + i * HOUR, 0, i, new Object[] {true, (long) i}));
        }
        List<FeatureRow> rows = new ArrayList<>();
        entity.settle(Long.MAX_VALUE, rows::add);
        long end = start.toEpochMilli() + hours * HOUR;
        assertThat(rows.stream()
                        .filter(row -> row.validFrom() == end)
                        .findFirst()
                        .orElseThrow()
                        .values()
                        .get(0))
                .isEqualTo((long) hours);
    }

    @Test
    void theRunningPeriodIsNotInYet() {
        FeatureView view = view(null, null);
        EntityState entity = EntityState.create(ViewPlan.of(view));
        entity.accept(new InputEvent(100, 0, 0, new Object[] {true, 5L}));
        assertThat(entity.current().values()).containsExactly(0L, null, null, null);
        assertThat(entity.current().validUntil()).isEqualTo(HOUR);
        entity.advance(HOUR);
        assertThat(entity.current().values()).containsExactly(1L, 5L, 5L, 5L);
        assertThat(entity.current().validUntil()).isEqualTo(2 * HOUR);
        entity.accept(new InputEvent(HOUR - 1, 0, 1, new Object[] {true, 7L}));
        assertThat(entity.current().values()).containsExactly(2L, 12L, 7L, 7L);
        entity.advance(2 * HOUR);
        assertThat(entity.current().values()).containsExactly(0L, null, null, null);
        assertThat(entity.current().validUntil()).isEqualTo(FeatureRow.NEVER);
    }

    @ParameterizedTest
    @CsvSource({
        "DAY, Europe/Berlin, 2026-03-20T00:00:00Z, 7",
        "DAY, Australia/Lord_Howe, 2026-03-30T00:00:00Z, 5",
        "DAY, America/Sao_Paulo, 2018-10-28T00:00:00Z, 5",
        "WEEK, Asia/Kathmandu, 2026-01-01T00:00:00Z, 31",
        "MONTH, Europe/Berlin, 2025-11-01T00:00:00Z, 97",
        "MONTH, UTC, 0001-01-01T00:00:00Z, 97",
        "MONTH, UTC, 9999-06-01T00:00:00Z, 31",
    })
    void rowsAreTheOracles(CivilUnit unit, ZoneId zone, Instant start, int hoursBetween) {
        FeatureView view = view(unit, zone);
        ViewPlan plan = ViewPlan.of(view);
        List<LogEvent> log = new ArrayList<>();
        List<FeatureRow> rows = new ArrayList<>();
        byte[] state = EntityState.create(plan).encode();
        for (int i = 0; i < 50; i++) {
            long time = start.toEpochMilli() + i * hoursBetween * HOUR;
            log.add(new LogEvent(0, i, time, Map.of("user", "ann", "n", (long) (i % 7))));
            EntityState entity = EntityState.decode(plan, state);
            entity.accept(new InputEvent(time, 0, i, new Object[] {true, (long) (i % 7)}));
            entity.settle(time - 3 * HOUR, rows::add);
            state = entity.encode();
        }
        EntityState.decode(plan, state).settle(Long.MAX_VALUE, rows::add);
        assertThat(RowText.ofSettled(rows))
                .isEqualTo(RowText.ofSettled(Oracle.ofAccepted(view, log).history(ViewBuilder.key("ann"))));
    }

    private static FeatureView view(CivilUnit unit, ZoneId zone) {
        Window window = new Window.Tumbling(Duration.ofMillis(HOUR), unit, zone);
        return new ViewBuilder()
                .feature(Plain.COUNT, null, window)
                .feature(Plain.SUM, "n", window)
                .feature(Plain.MAX, "n", window)
                .feature(Plain.LAST, "n", window)
                .build();
    }
}
