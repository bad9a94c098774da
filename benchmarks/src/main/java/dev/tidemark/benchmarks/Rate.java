package dev.tidemark.benchmarks;

import java.time.Duration;
import java.util.Locale;

/**
 * What one run did.
 *
 * @param events that were done
 * @param seconds in which they were
 * @param from the event time gone before, from the first event on
 * @param to the event time gone after
 * @param full whether the windows were full from the start
 */
record Rate(long events, double seconds, Duration from, Duration to, boolean full) {
    double perSecond() {
        return events / seconds;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,.0f events/s (%,d events in %.1f s, from %s to %s of event time%s)",
                perSecond(),
                events,
                seconds,
                text(from),
                text(to),
                full ? "" : ", while the windows filled");
    }

    private static String text(Duration duration) {
        double hours = duration.toMillis() / 3_600_000.0;
        return hours < 48
                ? String.format(Locale.ROOT, "%.2f h", hours)
                : String.format(Locale.ROOT, "%.1f d", hours / 24);
    }
}
