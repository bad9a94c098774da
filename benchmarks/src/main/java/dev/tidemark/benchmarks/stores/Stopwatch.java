package dev.tidemark.benchmarks.stores;

import java.io.PrintStream;
import java.util.Locale;

/** Times one piece of work. */
final class Stopwatch {
    private Stopwatch() {}

    /** Something that can be timed. */
    interface Work {
        /** Does it all, and tells how much that was. */
        long run() throws Exception;
    }

    /**
     * Does the work, prints a line on it, and returns how much was done in a second.
     *
     * @throws IllegalStateException if nothing was done, so that there is nothing to rate
     */
    static double rate(PrintStream figures, String label, String unit, Work work) throws Exception {
        long started = System.nanoTime();
        long done = work.run();
        if (done < 1) {
            throw new IllegalStateException(label + ": no " + unit + " were left to rate; let the run be longer");
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        figures.printf(Locale.ROOT, "  %s: %,.0f %s/s (%,d in %.1f s)%n", label, done / seconds, unit, done, seconds);
        return done / seconds;
    }
}
