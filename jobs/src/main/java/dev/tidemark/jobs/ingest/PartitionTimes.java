package dev.tidemark.jobs.ingest;

/** The event times of one partition: the greatest so far, which judges what follows, and what may explain that much of it is late. */
final class PartitionTimes {
    private final long allowedLateness;
    private final TimeLeaps leaps;
    private final LateShare share = new LateShare();
    private long greatest;
    private boolean hasGreatest;

    PartitionTimes(long allowedLateness) {
        this.allowedLateness = allowedLateness;
        this.leaps = new TimeLeaps(allowedLateness);
    }

    /**
     * Whether the next event is late; if not, it counts for those after it. To be called once an event, and not for records that were
     * refused for another reason.
     *
     * @param time event time, epoch milliseconds
     */
    boolean isLate(long offset, long time) {
        boolean late = hasGreatest && time < greatest - allowedLateness;
        share.add(late);
        if (late) {
            return true;
        }
        leaps.onTime();
        if (!hasGreatest || time > greatest) {
            leaps.advance(offset, hasGreatest ? greatest : TimeLeaps.NOTHING_BEFORE, time);
            greatest = time;
            hasGreatest = true;
        }
        return false;
    }

    /** How far an event is behind the greatest time, in milliseconds; negative if it leads. */
    long behind(long time) {
        return hasGreatest ? greatest - time : 0;
    }

    boolean hasGreatest() {
        return hasGreatest;
    }

    /** Epoch milliseconds. */
    long greatest() {
        return greatest;
    }

    /** Takes up a greatest time that was recorded before; the greater one counts. */
    void restore(long time) {
        greatest = hasGreatest ? Math.max(greatest, time) : time;
        hasGreatest = true;
    }

    TimeLeaps leaps() {
        return leaps;
    }

    LateShare share() {
        return share;
    }
}
