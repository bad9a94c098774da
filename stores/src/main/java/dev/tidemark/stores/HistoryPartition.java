package dev.tidemark.stores;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * One part of a history table: the rows whose valid_from lies in one month (UTC), or in none of the months that get a part of their own.
 * Those are the months of the years 2000 to 2099; all before and all after share one part each, so that no row is refused and a
 * hostile clock cannot make more than 1,202 parts.
 *
 * @param suffix the end of the part's name, always {@value #SUFFIX_LENGTH} characters
 * @param from the first valid_from, epoch milliseconds; {@link Long#MIN_VALUE} for no limit
 * @param until the first valid_from that is beyond, epoch milliseconds; {@link Long#MAX_VALUE} for no limit
 */
record HistoryPartition(String suffix, long from, long until) {
    static final int SUFFIX_LENGTH = 8;

    private static final long MILLIS_OF_DAY = 86_400_000;
    private static final YearMonth FIRST = YearMonth.of(2000, 1);
    private static final YearMonth END = YearMonth.of(2100, 1);
    private static final HistoryPartition PAST = new HistoryPartition("_before_", Long.MIN_VALUE, start(FIRST));
    private static final HistoryPartition FUTURE = new HistoryPartition("_beyond_", start(END), Long.MAX_VALUE);

    /** The part in which a row lies. */
    static HistoryPartition of(long validFrom) {
        if (validFrom < PAST.until) {
            return PAST;
        } else if (validFrom >= FUTURE.from) {
            return FUTURE;
        }
        return of(YearMonth.from(LocalDate.ofEpochDay(Math.floorDiv(validFrom, MILLIS_OF_DAY))));
    }

    private static HistoryPartition of(YearMonth month) {
        String suffix = String.format(Locale.ROOT, "_%04d_%02d", month.getYear(), month.getMonthValue());
        return new HistoryPartition(suffix, start(month), start(month.plusMonths(1)));
    }

    /** The part whose name ends like this. */
    static HistoryPartition ofName(String name) {
        String suffix = name.substring(name.length() - SUFFIX_LENGTH);
        if (suffix.equals(PAST.suffix) || suffix.equals(FUTURE.suffix)) {
            return suffix.equals(PAST.suffix) ? PAST : FUTURE;
        }
        return of(YearMonth.of(Integer.parseInt(suffix, 1, 5, 10), Integer.parseInt(suffix, 6, 8, 10)));
    }

    boolean isMonth() {
        return from != Long.MIN_VALUE && until != Long.MAX_VALUE;
    }

    /** The part that follows a month. */
    HistoryPartition next() {
        return of(until);
    }

    boolean contains(long validFrom) {
        return validFrom >= from && validFrom < until;
    }

    /** The bounds as Postgres spells them. */
    String bounds() {
        return "from (" + (from == Long.MIN_VALUE ? "minvalue" : literal(from)) + ") to ("
                + (until == Long.MAX_VALUE ? "maxvalue" : literal(until)) + ")";
    }

    /**
     * What is true of all rows from the beginning of this part to the end of another, as a condition: of constants, so that Postgres
     * leaves all other parts alone, even without a lock.
     *
     * @param last is not before this one
     */
    String condition(String column, HistoryPartition last) {
        String condition = from == Long.MIN_VALUE ? "" : " and " + column + " >= " + literal(from);
        return condition + (last.until == Long.MAX_VALUE ? "" : " and " + column + " < " + literal(last.until));
    }

    private static String literal(long instant) {
        return SqlName.literal(Instant.ofEpochMilli(instant).toString());
    }

    private static long start(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
}
