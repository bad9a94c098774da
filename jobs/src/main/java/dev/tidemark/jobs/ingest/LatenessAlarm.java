package dev.tidemark.jobs.ingest;

import dev.tidemark.defs.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * Tells people when most of a partition's events are late, and which record is to blame: a single event that is stamped far in the
 * future makes all late that follow it. Decides nothing.
 *
 * <p>Metrics of each partition: {@code lateShare}, of its last thousand events; and while the alarm lasts
 * {@code timeLeapOffset}, the offset of the record to blame, or else -1, and {@code timeLeapMillis}, how far it was ahead, or
 * else 0.
 */
final class LatenessAlarm {
    static final long REPEAT_MILLIS = Duration.ofMinutes(10).toMillis();

    private final Source source;
    private final MetricGroup metrics;
    private final Consumer<String> warning;
    private final Map<Integer, Watch> watches = new HashMap<>();

    /**
     * An alarm that is silent so far.
     *
     * @param warning takes each message
     */
    LatenessAlarm(Source source, MetricGroup metrics, Consumer<String> warning) {
        this.source = source;
        this.metrics = metrics;
        this.warning = warning;
    }

    /**
     * Looks at a partition after an event was judged.
     *
     * @param time of the event, epoch milliseconds
     * @param now by the wall clock, epoch milliseconds
     */
    void look(int partition, PartitionTimes times, boolean late, long time, long now) {
        Watch watch = watches.get(partition);
        if (watch == null) {
            watch = watch(partition, times);
        }
        if (!late) {
            watch.calm(partition);
        } else if (times.share().isAbnormal(now)) {
            watch.alarm(partition, time, now);
        }
    }

    private Watch watch(int partition, PartitionTimes times) {
        Watch watch = new Watch(times);
        watches.put(partition, watch);
        MetricGroup group = metrics.addGroup("partition", "" + partition);
        group.gauge("lateShare", () -> times.share().share());
        group.gauge("timeLeapOffset", watch::leapOffset);
        group.gauge("timeLeapMillis", watch::leapMillis);
        return watch;
    }

    private final class Watch {
        private final PartitionTimes times;
        private boolean alarmed;
        private boolean warned;
        private long lookedAt;
        private long warnedAt = Long.MIN_VALUE / 2; // Long ago, and its distance to now is still a long.
        private volatile TimeLeaps.@Nullable Leap leap; // Metrics are read by another thread.

        Watch(PartitionTimes times) {
            this.times = times;
        }

        void alarm(int partition, long time, long now) {
            if (!alarmed || now - lookedAt >= REPEAT_MILLIS) {
                alarmed = true;
                lookedAt = now;
                leap = times.leaps()
                        .over(time + source.allowedLateness().toMillis())
                        .orElse(null);
            }
            // The alarm may come and go with every event; the log hears of it now and then.
            if (now - warnedAt >= REPEAT_MILLIS) {
                warnedAt = now;
                warned = true;
                TimeLeaps.Leap known = leap;
                warning.accept("Source " + source.name() + ": " + times.share().late() + " of the last "
                        + times.share().judged() + " events in partition " + partition + " of the topic "
                        + source.topic() + " are late. " + (known == null ? slow() : blame(known))
                        + " They are in the dead letters. See \"When most events are late\" in docs/operations.md.");
            }
        }

        void calm(int partition) {
            if (!alarmed || times.share().mostAreLate()) {
                return;
            }
            alarmed = false;
            leap = null;
            if (warned) {
                warned = false;
                warning.accept("Source " + source.name() + ": events in partition " + partition + " of the topic "
                        + source.topic() + " are on time again.");
            }
        }

        private String blame(TimeLeaps.Leap record) {
            String how = record.before() == TimeLeaps.NOTHING_BEFORE
                    ? "and was the first event of its partition"
                    : Duration.ofMillis(record.ahead()) + " ahead of all before it, which ended at "
                            + Instant.ofEpochMilli(record.before());
            return "The record at offset " + record.offset() + " is to blame: it is stamped "
                    + Instant.ofEpochMilli(record.time()) + ", " + how
                    + ". Until the times of events come near that, they are late; correct what produces such records.";
        }

        private String slow() {
            return "No record is known that moved the partition's time ahead at once: events come later than the"
                    + " allowed_lateness of " + source.allowedLateness().toMillis() + " ms.";
        }

        private long leapOffset() {
            TimeLeaps.Leap known = leap;
            return known == null ? -1 : known.offset();
        }

        private long leapMillis() {
            TimeLeaps.Leap known = leap;
            return known == null ? 0 : known.ahead();
        }
    }
}
