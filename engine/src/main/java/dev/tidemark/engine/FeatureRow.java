package dev.tidemark.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of one entity from one instant on. All instants are epoch milliseconds.
 *
 * @param values one per feature of the view, in declaration order; an element may be null
 * @param validFrom the first instant at which the values hold
 * @param validUntil the instant at which the row would next change if no further event arrived; {@link #NEVER} if never
 * @param lastEventTime the event time of the entity's newest event before {@code validFrom}
 */
public record FeatureRow(List<@Nullable Object> values, long validFrom, long validUntil, long lastEventTime) {
    /** The {@code validUntil} of a row that only another event can change. */
    public static final long NEVER = Long.MAX_VALUE;

    public FeatureRow {
        values = Values.copyOf(values);
    }

    /** Whether the two rows say the same of the entity, whatever the time from which they say it. */
    public boolean sameContent(FeatureRow other) {
        return lastEventTime == other.lastEventTime && ValueEquality.same(values, other.values);
    }

    /**
     * Whether the entity's last event is so long ago that its values may no longer be used; the same rule online and offline.
     *
     * @param ttl the view's; null for ever
     * @param now the instant of the read
     */
    public boolean isOutsideMaxAge(@Nullable Duration ttl, Instant now) {
        return ttl != null && now.toEpochMilli() - lastEventTime > ttl.toMillis();
    }
}
