package dev.tidemark.cli;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Says how long the steps of a start took. */
final class Stopwatch {
    private long started = System.nanoTime();

    /** The seconds since the last lap, or since this was made, for a person. */
    String lap() {
        long now = System.nanoTime();
        String seconds = String.format(Locale.ROOT, "%.1f s", (now - started) / (double) TimeUnit.SECONDS.toNanos(1));
        started = now;
        return seconds;
    }
}
