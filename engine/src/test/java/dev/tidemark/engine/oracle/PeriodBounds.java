package dev.tidemark.engine.oracle;

import dev.tidemark.defs.Window;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Objects;

/**
 * The definition of a tumbling window: at instant t the last period that has ended by t. Boundaries of civil periods are found by
 * trying one day after the other.
 */
final class PeriodBounds {
    private PeriodBounds() {}

    /** The greatest boundary that is not after an instant. */
    static long last(Window.Tumbling window, long instant) {
        if (window.zone() == null) {
            return WindowBounds.floor(instant, window.length().toMillis());
        }
        LocalDate date = Instant.ofEpochMilli(instant)
                .atZone(window.zone())
                .toLocalDate()
                .plusDays(1);
        while (!isFirst(window, date) || start(date, window.zone()) > instant) {
            date = date.minusDays(1);
        }
        return start(date, window.zone());
    }

    /** The least boundary that is after an instant. */
    static long next(Window.Tumbling window, long instant) {
        if (window.zone() == null) {
            return last(window, instant) + window.length().toMillis();
        }
        LocalDate date = Instant.ofEpochMilli(instant)
                .atZone(window.zone())
                .toLocalDate()
                .minusDays(1);
        while (!isFirst(window, date) || start(date, window.zone()) <= instant) {
            date = date.plusDays(1);
        }
        return start(date, window.zone());
    }

    private static boolean isFirst(Window.Tumbling window, LocalDate date) {
        return switch (Objects.requireNonNull(window.unit())) {
            case DAY -> true;
            case WEEK -> date.getDayOfWeek() == DayOfWeek.MONDAY;
            case MONTH -> date.getDayOfMonth() == 1;
        };
    }

    private static long start(LocalDate date, ZoneId zone) {
        return date.atStartOfDay(zone).toInstant().toEpochMilli();
    }
}
