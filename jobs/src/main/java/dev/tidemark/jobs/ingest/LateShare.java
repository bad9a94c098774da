package dev.tidemark.jobs.ingest;

import java.util.BitSet;

/**
 * How many of a partition's last events were late. Counted anew after a restart: it explains, and decides nothing.
 * One thread adds; others may ask for the share, and then see it a little late.
 */
final class LateShare {
    /** Of so many events the share is taken. */
    static final int RECENT = 1_000;

    /** A partition with few events is told by a run of late ones and nothing else, which lasts for this long at least. */
    static final long RUN_MILLIS = 60_000;

    private static final int SHORTEST_RUN = 10;

    private final BitSet recent = new BitSet(RECENT);
    private int next;
    private int judged;
    private int late;
    private long run;
    private long runSince;

    void add(boolean isLate) {
        if (judged < RECENT) {
            judged++;
        } else if (recent.get(next)) {
            late--;
        }
        recent.set(next, isLate);
        next = next + 1 == RECENT ? 0 : next + 1;
        if (isLate) {
            late++;
            run++;
        } else {
            run = 0;
        }
    }

    /**
     * Whether more is late than disorder explains: most of the last events, or all that came within a minute. To be asked after every late
     * event.
     *
     * @param now by the wall clock, epoch milliseconds
     */
    boolean isAbnormal(long now) {
        if (run == 1) {
            runSince = now;
        }
        return mostAreLate() || run >= SHORTEST_RUN && now - runSince >= RUN_MILLIS;
    }

    /** Whether the last events are enough to tell, and most of them are late. */
    boolean mostAreLate() {
        return judged == RECENT && 2 * late > RECENT;
    }

    /** Between 0 and 1. */
    double share() {
        int of = judged;
        return of == 0 ? 0 : (double) late / of;
    }

    int late() {
        return late;
    }

    int judged() {
        return judged;
    }
}
