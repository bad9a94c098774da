package dev.tidemark.jobs.ingest;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.engine.EventProjector;
import dev.tidemark.engine.ViewPlan;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.Refusal;
import dev.tidemark.jobs.record.RefusalReason;
import dev.tidemark.jobs.record.SourceRecord;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one source for all of its views. A record is an event for every view or for none: it is refused as a whole if any
 * view that takes it finds a join key null. Not safe for use by several threads.
 */
public final class EventReader {
    /** Join keys are in the primary key of a history table, and a row of a Postgres index is bounded. */
    static final int LONGEST_KEY = 1_024;

    private final Source source;
    private final RecordParser parser;
    private final List<Projector> projectors = new ArrayList<>();

    /**
     * A reader for a source.
     *
     * @param views the source's views; the events of a record come in their order
     * @throws IllegalArgumentException if the source's format cannot be read yet
     */
    public EventReader(Source source, List<FeatureView> views) {
        this.source = source;
        this.parser = RecordParser.of(source);
        for (FeatureView view : views) {
            ViewPlan plan = ViewPlan.of(view);
            projectors.add(new Projector(view, plan, new EventProjector(plan)));
        }
    }

    /** Whether records of a format can be read. */
    public static boolean canRead(Source.Format format) {
        return format == Source.Format.JSON;
    }

    /**
     * Reads one record. Never throws because of what it contains.
     *
     * @param producedAt epoch milliseconds by the log's clock; 0 if unknown
     * @param bytes the record's value; null for a tombstone
     */
    public SourceRecord read(int partition, long offset, long producedAt, byte @Nullable [] bytes) {
        Reading reading = new Reading(partition, offset, producedAt);
        Refusal refusal = null;
        try {
            reading.readFrom(bytes);
        } catch (RefusedException e) {
            refusal = e.refusal();
        } catch (RuntimeException e) {
            // One strange record must not send the job into a loop of restarts; its dead letter tells of it.
            refusal = new Refusal(RefusalReason.UNPROCESSABLE, Excerpt.of(e.toString()));
        }
        return new SourceRecord(
                source.topic(),
                partition,
                offset,
                reading.time,
                producedAt,
                bytes,
                refusal == null ? reading.events : List.of(),
                reading.notFinite,
                refusal);
    }

    private record Projector(FeatureView view, ViewPlan plan, EventProjector projector) {}

    /** One record on its way through the steps, each of which may refuse it. */
    private final class Reading {
        private final int partition;
        private final long offset;
        private final long producedAt;
        private final List<@Nullable KeyedEvent> events = new ArrayList<>(projectors.size());
        private long time = SourceRecord.NO_TIME;
        private int notFinite;

        Reading(int partition, long offset, long producedAt) {
            this.partition = partition;
            this.offset = offset;
            this.producedAt = producedAt;
        }

        void readFrom(byte @Nullable [] bytes) throws RefusedException {
            if (bytes == null) {
                throw new RefusedException(RefusalReason.MALFORMED, "The record has no value (a tombstone).");
            }
            Map<String, @Nullable Object> columns = parser.parse(bytes);
            time = eventTime(columns.get(source.eventTime().column()));
            for (Projector projector : projectors) {
                events.add(project(projector, columns));
            }
        }

        private long eventTime(@Nullable Object value) throws RefusedException {
            String column = source.eventTime().column();
            if (value instanceof Instant instant) {
                return instant.toEpochMilli();
            } else if (value instanceof Long count) {
                try {
                    return Timestamps.fromUnits(count, source.eventTime().unit());
                } catch (DateTimeException e) {
                    throw new RefusedException(
                            RefusalReason.EVENT_TIME,
                            "The event time " + column + " = " + count + " lies outside the years 1 to 9999.");
                }
            }
            throw new RefusedException(RefusalReason.EVENT_TIME, "The event time " + column + " is missing.");
        }

        private @Nullable KeyedEvent project(Projector to, Map<String, @Nullable Object> columns)
                throws RefusedException {
            EventProjector.Projection projection = to.projector.project(columns);
            if (projection == null) {
                return null;
            }
            String key = projection.key();
            if (key == null) {
                throw new RefusedException(
                        RefusalReason.MISSING_KEY,
                        "View " + to.view.id() + " takes the event, but " + missingKeys(to.view, columns)
                                + " is null.");
            }
            int length = Texts.utf8Length(key);
            if (length > LONGEST_KEY) {
                throw new RefusedException(
                        RefusalReason.KEY_TOO_LONG,
                        "The join keys of view " + to.view.id() + " take " + length + " bytes; at most " + LONGEST_KEY
                                + " can be stored.");
            }
            notFinite += projection.notFinite();
            byte[] inputs = to.plan.encodeInputs(projection.inputs());
            return new KeyedEvent(key, time, partition, offset, producedAt, inputs);
        }

        private String missingKeys(FeatureView view, Map<String, @Nullable Object> columns) {
            List<String> missing = view.entity().keyNames().stream()
                    .filter(name -> columns.get(name) == null)
                    .toList();
            return missing.isEmpty() ? "a join key" : String.join(", ", missing);
        }
    }
}
