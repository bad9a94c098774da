package dev.tidemark.engine;

import dev.tidemark.defs.Window;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;

/** Cuts time into periods that follow each other without a gap. All instants are epoch milliseconds. */
sealed interface Grid {

    /** The start of the period that an instant lies in. */
    long start(long instant);

    /** The end of the period that starts at an instant, which is the start of the next. */
    long end(long start);

    /** A number of which the distance between any two starts is a whole multiple. */
    long unit();

    /**
     * Periods of one length, from the epoch on.
     *
     * @param length milliseconds
     */
    record Fixed(long length) implements Grid {
        @Override
        public long start(long instant) {
            return Math.floorDiv(instant, length) * length;
        }

        @Override
        public long end(long start) {
            return start + length;
        }

        @Override
        public long unit() {
            return length;
        }
    }

    /**
     * Days, weeks from Monday on, or months, as the clocks of a time zone have them. A day starts at midnight, or where the clocks
     * skip midnight at the first instant after it.
     */
    record Civil(Window.CivilUnit period, ZoneId zone) implements Grid {
        /** Beyond the years in which events can be; java.time knows no dates as far away as the engine's far past. */
        private static final long FIRST = Instant.parse("-9999-01-01T00:00:00Z").toEpochMilli();

        @Override
        public long start(long instant) {
            return instant < FIRST ? instant : midnight(first(date(instant)));
        }

        @Override
        public long end(long start) {
            return start < FIRST ? start : midnight(next(date(start)));
        }

        @Override
        public long unit() {
            return 1;
        }

        private LocalDate date(long instant) {
            return LocalDate.ofInstant(Instant.ofEpochMilli(instant), zone);
        }

        private long midnight(LocalDate date) {
            return date.atStartOfDay(zone).toInstant().toEpochMilli();
        }

        private LocalDate first(LocalDate date) {
            return switch (period) {
                case DAY -> date;
                case WEEK -> date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                case MONTH -> date.withDayOfMonth(1);
            };
        }

        private LocalDate next(LocalDate first) {
            return switch (period) {
                case DAY -> first.plusDays(1);
                case WEEK -> first.plusWeeks(1);
                case MONTH -> first.plusMonths(1);
            };
        }
    }
}
