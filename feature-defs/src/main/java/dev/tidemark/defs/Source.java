package dev.tidemark.defs;

import java.io.Serializable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A stream of events: a Kafka topic, the columns of its records, and how late an event may be.
 *
 * @param schema columns by name, in declaration order
 * @param allowedLateness how far an event may be behind the greatest event time before it in its own partition; zero or more
 * @param idleTimeout how long a partition may be silent, by the wall clock, before it no longer holds the settled instant back
 */
public record Source(
        String name,
        String topic,
        Format format,
        Map<String, DataType> schema,
        EventTime eventTime,
        Duration allowedLateness,
        Duration idleTimeout)
        implements Serializable {

    public Source {
        schema = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(schema));
    }

    /** How a record's bytes are encoded. */
    public enum Format {
        JSON,
        AVRO,
        PROTOBUF
    }

    /**
     * The column that holds the event time.
     *
     * @param unit what one unit of a {@code long} column is; {@link Unit#INSTANT} for a {@code timestamp} column
     */
    public record EventTime(String column, Unit unit) implements Serializable {}

    /** The unit of an event time since 1970-01-01T00:00:00Z. */
    public enum Unit {
        INSTANT,
        SECONDS,
        MILLIS,
        MICROS,
        NANOS
    }
}
