package dev.tidemark.defs;

import java.io.Serializable;
import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** The part of an entity's events that an aggregate covers. */
public sealed interface Window extends Serializable {

    /** Every event there ever was. */
    record Lifetime() implements Window {}

    /**
     * At instant {@code t}, the events in {@code [floor(t - offset - length, step), t - offset)}.
     *
     * @param length more than zero
     * @param step how far apart the instants are at which events leave, on the UTC epoch grid; 1 ms is a true sliding window
     * @param offset how far the whole window is shifted into the past; zero or more
     */
    record Sliding(Duration length, Duration step, Duration offset) implements Window {
        public long lengthMillis() {
            return length.toMillis();
        }

        public long stepMillis() {
            return step.toMillis();
        }

        public long offsetMillis() {
            return offset.toMillis();
        }
    }

    /**
     * The last complete period.
     *
     * @param length how long a period is; unless a time zone is given, periods lie on the UTC epoch grid
     * @param unit what a civil period is counted in; null if the period is a plain duration
     * @param zone the time zone of civil periods; null if the period is a plain duration
     */
    record Tumbling(Duration length, @Nullable CivilUnit unit, @Nullable ZoneId zone) implements Window {}

    /** Civil periods, whose length in milliseconds varies. */
    enum CivilUnit {
        DAY,
        WEEK,
        MONTH
    }
}
