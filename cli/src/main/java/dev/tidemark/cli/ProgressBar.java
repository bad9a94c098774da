package dev.tidemark.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** How far something long has come: redrawn in place on a terminal, a line now and then elsewhere. */
final class ProgressBar {
    private static final int WIDTH = 30;
    private static final int UPDATES_BETWEEN_LINES = 10;
    /** The rate is that of about so many updates. */
    private static final double SMOOTHING = 0.2;

    private final PrintWriter out;
    private final boolean terminal;
    private final long total;
    private long lastDone;
    private long lastNanos;
    private double rate = -1;
    private int updates;

    /**
     * A bar that is not drawn yet.
     *
     * @param total how many events there are
     * @param done how many of them were done before
     * @param nanos of a clock, now
     */
    ProgressBar(PrintWriter out, boolean terminal, long total, long done, long nanos) {
        this.out = out;
        this.terminal = terminal;
        this.total = total;
        this.lastDone = done;
        this.lastNanos = nanos;
    }

    /** Whether a bar can be redrawn where the output goes. */
    static boolean onTerminal() {
        return System.console() != null && !"dumb".equals(System.getenv("TERM"));
    }

    /**
     * Shows progress; to be called about once a second.
     *
     * @param nanos of the same clock
     */
    void show(long done, long nanos) {
        double now = Math.max(0, done - lastDone) * 1e9 / Math.max(1, nanos - lastNanos);
        rate = rate < 0 ? now : rate + SMOOTHING * (now - rate);
        lastDone = done;
        lastNanos = nanos;
        if (terminal) {
            out.print("\r\u001b[2K" + bar(done) + " " + text(done));
        } else if (updates++ % UPDATES_BETWEEN_LINES == 0) {
            out.println(text(done));
        }
        out.flush();
    }

    /** Leaves the bar where it is: other text follows. */
    void leave() {
        if (terminal && rate >= 0) {
            out.println();
            out.flush();
        }
    }

    private String bar(long done) {
        int full = total == 0 ? WIDTH : (int) (WIDTH * Math.min(done, total) / total);
        return "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "]";
    }

    private String text(long done) {
        long percent = total == 0 ? 100 : 100 * Math.min(done, total) / total;
        return String.format(
                Locale.ROOT,
                "%d%% %,d of %,d events  %,d events/s  ETA %s",
                percent,
                done,
                total,
                Math.round(rate),
                left(done));
    }

    private String left(long done) {
        if (done >= total) {
            return "0s";
        } else if (rate < 1) {
            return "-";
        }
        Duration left = Duration.ofSeconds(Math.round((total - done) / rate));
        return left.toHours() > 0
                ? left.toHours() + "h" + left.toMinutesPart() + "m"
                : left.toMinutes() > 0 ? left.toMinutes() + "m" + left.toSecondsPart() + "s" : left.toSeconds() + "s";
    }
}
