package dev.tidemark.jobs.ingest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The records at which a partition's greatest event time leapt: by more than the allowed lateness and a minute at once. One of
 * them made an event late that would not have been late otherwise. A few are kept; the first to go are those after which the
 * log went on as usual, and then the shortest.
 */
final class TimeLeaps {
    /** The time before the first event of a partition. */
    static final long NOTHING_BEFORE = Long.MIN_VALUE;

    static final int MOST = 8;
    static final int USUAL = 100;
    private static final long SHORTEST = 60_000;

    private final long longestStep;
    private final List<Leap> leaps = new ArrayList<>(); // In the order of the log, which is that of their times.
    private long onTime;

    /** @param allowedLateness milliseconds */
    TimeLeaps(long allowedLateness) {
        this.longestStep = Math.max(allowedLateness, SHORTEST);
    }

    /**
     * A record that is far ahead of those before it.
     *
     * @param before the greatest time before it, epoch milliseconds; {@link #NOTHING_BEFORE} if it was the first
     * @param time its own
     * @param onTime how many events were on time by then, as this object counts them
     */
    record Leap(long offset, long before, long time, long onTime) {
        /** How far it was ahead, milliseconds; as far as can be if nothing was before it. */
        long ahead() {
            return before == NOTHING_BEFORE ? Long.MAX_VALUE : time - before;
        }
    }

    void onTime() {
        onTime++;
    }

    /** The greatest time moves. */
    void advance(long offset, long before, long time) {
        if (before == NOTHING_BEFORE || time - before > longestStep) {
            leaps.add(new Leap(offset, before, time, onTime));
            if (leaps.size() > MOST) {
                leaps.remove(leastTelling());
            }
        }
    }

    private Leap leastTelling() {
        Leap oldest = leaps.get(0);
        return onTime - oldest.onTime() >= USUAL
                ? oldest
                : leaps.stream().min(Comparator.comparingLong(Leap::ahead)).orElse(oldest);
    }

    /** The leap over an instant: an event that needed the greatest time to be no later than that was late because of it. */
    Optional<Leap> over(long instant) {
        return leaps.stream()
                .filter(leap -> leap.before() <= instant && instant < leap.time())
                .findFirst();
    }

    /** Takes up a leap that was recorded before. Several instances may have recorded the same one. */
    void restore(long offset, long before, long time, long followed) {
        leaps.removeIf(leap -> leap.offset() == offset);
        leaps.add(new Leap(offset, before, time, onTime - followed));
        leaps.sort(Comparator.comparingLong(Leap::time));
        if (leaps.size() > MOST) {
            leaps.remove(leastTelling());
        }
    }

    /** Hands over each leap. */
    void forEach(Consumer<Leap> recorder) {
        leaps.forEach(recorder);
    }

    /** How many events were on time since a leap. */
    long followed(Leap leap) {
        return onTime - leap.onTime();
    }
}
