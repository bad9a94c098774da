package dev.tidemark.benchmarks;

import java.util.Locale;

/**
 * What one run did.
 *
 * @param events that the measured operator took
 * @param seconds from its first event on
 */
record Rate(long events, double seconds) {
    double perSecond() {
        return events / seconds;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,.0f events/s (%,d events in %.1f s)", perSecond(), events, seconds);
    }
}
