package dev.tidemark.defs;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as definitions write them: {@code 250ms 10s 5m 1h 7d 2w 1y}; a year is 365 days. */
public final class Durations {
    /** The longest duration a definition may use: 100 years. */
    public static final Duration LONGEST = Duration.ofDays(36_500);

    private static final Pattern FORMAT = Pattern.compile("(0|[1-9][0-9]{0,17})(ms|s|m|h|d|w|y)");

    private Durations() {}

    /**
     * Reads a duration, zero or more.
     *
     * @throws IllegalArgumentException if the text is not a duration or is longer than {@link #LONGEST}; the message says
     *     what is wrong and is fit for the author of the text
     */
    public static Duration parse(String text) {
        Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is not a duration. Write a whole number and ms, s, m, h, d, w or y, for example 10m.");
        }
        long count = Long.parseLong(matcher.group(1));
        long unit = unitMillis(matcher.group(2));
        if (count > LONGEST.toMillis() / unit) {
            throw new IllegalArgumentException(
                    "The duration " + text + " is too long. The longest is 36500d, a hundred years.");
        }
        return Duration.ofMillis(count * unit);
    }

    /** The shortest spelling, in the largest unit up to days that divides the duration: 60 seconds are {@code 1m}. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        for (String unit : new String[] {"d", "h", "m", "s"}) {
            if (millis != 0 && millis % unitMillis(unit) == 0) {
                return millis / unitMillis(unit) + unit;
            }
        }
        return millis == 0 ? "0s" : millis + "ms";
    }

    private static long unitMillis(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            case "w" -> 7 * 86_400_000L;
            default -> 365 * 86_400_000L;
        };
    }
}
