package dev.tidemark.jobs.ingest;

import dev.tidemark.defs.Source;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;

/** Instants as records write them. All results are epoch milliseconds, rounded down. */
final class Timestamps {
    private static final long EARLIEST = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();
    private static final long LATEST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
    private static final int FINEST_DIGITS = 9;

    private Timestamps() {}

    /**
     * Reads an ISO-8601 date and time with an offset or {@code Z}, and with any number of fraction digits.
     *
     * @throws DateTimeException if the text is none, or the instant lies outside the years 1 to 9999
     */
    static long parse(String text) {
        OffsetDateTime time = OffsetDateTime.parse(withoutFinestDigits(text), DateTimeFormatter.ISO_OFFSET_DATE_TIME);
        try {
            return checked(time.toInstant().toEpochMilli());
        } catch (ArithmeticException e) {
            throw new DateTimeException("Beyond the range of milliseconds: " + text, e);
        }
    }

    /**
     * Reads a count of units since the epoch.
     *
     * @throws DateTimeException if the instant lies outside the years 1 to 9999
     */
    static long fromUnits(long count, Source.Unit unit) {
        long millis =
                switch (unit) {
                    case INSTANT, MILLIS -> count;
                    case MICROS -> Math.floorDiv(count, 1_000L);
                    case NANOS -> Math.floorDiv(count, 1_000_000L);
                    case SECONDS -> Math.abs((double) count) > LATEST / 1_000 ? Long.MAX_VALUE : count * 1_000;
                };
        return checked(millis);
    }

    private static long checked(long millis) {
        if (millis < EARLIEST || millis > LATEST) {
            throw new DateTimeException("Outside the years 1 to 9999: " + millis);
        }
        return millis;
    }

    /** Java reads at most nanoseconds; what is finer would be cut anyway. */
    private static String withoutFinestDigits(String text) {
        int end = text.indexOf('.') + 1;
        int kept = end + FINEST_DIGITS;
        if (end == 0 || text.length() <= kept) {
            return text;
        }
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end <= kept ? text : text.substring(0, kept) + text.substring(end);
    }
}
