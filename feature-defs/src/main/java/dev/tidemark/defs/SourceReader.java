package dev.tidemark.defs;

import dev.tidemark.defs.Source.EventTime;
import dev.tidemark.defs.Source.Format;
import dev.tidemark.defs.Source.Unit;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a {@code kind: Source} document. */
final class SourceReader {
    static final List<String> FIELDS =
            List.of("kind", "name", "kafka", "schema", "event_time", "allowed_lateness", "idle_timeout");
    static final Duration ALLOWED_LATENESS = Duration.ofSeconds(10);
    static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");
    private static final List<String> FORMATS = List.of("json", "avro", "protobuf");
    private static final List<String> UNITS = List.of("seconds", "millis", "micros", "nanos");

    private final Fields fields;
    private final Problems problems;
    private final Scope schema = new Scope();

    private SourceReader(Fields fields, Problems problems) {
        this.fields = fields;
        this.problems = problems;
    }

    /**
     * What is known of a source.
     *
     * @param source null if something is wrong with it
     */
    record Draft(Scope schema, @Nullable Source source) {
        static final Draft UNKNOWN = new Draft(Scope.unknown(), null);
    }

    static void read(YamlValue document, Declarations<Draft> sources, Problems problems) {
        Fields fields = Fields.of(document, "a source", FIELDS, problems);
        if (fields != null) {
            new SourceReader(fields, problems).read(sources);
        }
    }

    private void read(Declarations<Draft> sources) {
        String name = fields.requiredText("name");
        boolean named = name != null && Names.check("a source", name, fields.place("name"), problems);
        @Nullable Kafka kafka = kafka();
        boolean schemaRead = readSchema();
        EventTime eventTime = eventTime();
        Duration lateness = duration("allowed_lateness", Duration.ZERO, ALLOWED_LATENESS);
        Duration idle = duration("idle_timeout", Duration.ofMillis(1), IDLE_TIMEOUT);
        Source source = name == null || !named || kafka == null || !schemaRead || eventTime == null
                ? null
                : new Source(name, kafka.topic(), kafka.format(), columns(), eventTime, lateness, idle);
        sources.add(name, fields.place("name"), new Draft(schema, source));
    }

    private Duration duration(String name, Duration least, Duration ifAbsent) {
        Duration duration = fields.optionalDuration(name, least);
        return duration == null ? ifAbsent : duration;
    }

    private record Kafka(String topic, Format format) {}

    private @Nullable Kafka kafka() {
        YamlValue value = fields.required("kafka");
        Fields kafka = value == null ? null : Fields.of(value, "'kafka'", List.of("topic", "format"), problems);
        if (kafka == null) {
            return null;
        }
        String topic = kafka.requiredText("topic");
        if (topic != null && !TOPIC.matcher(topic).matches()) {
            problems.report(
                    kafka.place("topic"),
                    "'" + topic
                            + "' cannot be the name of a Kafka topic: it has up to 249 letters, digits, '.', '_' and '-'.");
            topic = null;
        }
        String format = kafka.has("format") ? choice(kafka, "format", FORMATS) : "json";
        return topic == null || format == null
                ? null
                : new Kafka(topic, Format.valueOf(format.toUpperCase(Locale.ROOT)));
    }

    private @Nullable String choice(Fields from, String field, List<String> choices) {
        String text = from.optionalText(field);
        if (text != null && !choices.contains(text)) {
            problems.report(
                    from.place(field),
                    "There is no " + field + " '" + text + "'.",
                    Suggestions.of(text, field + "s", choices));
            return null;
        }
        return text;
    }

    /** Whether every column could be read. */
    private boolean readSchema() {
        YamlValue value = fields.required("schema");
        List<YamlValue.Entry> members = fields.members("schema", value);
        if (members.isEmpty()) {
            if (value instanceof YamlValue.Mapping) {
                problems.report(value.place(), "The schema has no columns.", "List them: { column: type, ... }.");
            }
            schema.markIncomplete();
            return false;
        }
        boolean allRead = true;
        for (YamlValue.Entry member : members) {
            boolean named = Names.check("a column", member.key(), member.place(), problems);
            DataType type = Texts.type(member.key(), member.value(), problems);
            schema.add(member.key(), type);
            allRead &= named && type != null;
        }
        return allRead;
    }

    private Map<String, DataType> columns() {
        Map<String, DataType> columns = new LinkedHashMap<>();
        for (String column : schema.names()) {
            DataType type = schema.type(column);
            if (type != null) {
                columns.put(column, type);
            }
        }
        return columns;
    }

    private @Nullable EventTime eventTime() {
        YamlValue value = fields.required("event_time");
        if (value == null) {
            return null;
        }
        if (value instanceof YamlValue.Scalar) {
            String column = fields.optionalText("event_time");
            return column == null ? null : eventTime(column, value.place(), null);
        }
        Fields parts = Fields.of(value, "'event_time'", List.of("column", "unit"), problems);
        if (parts == null) {
            return null;
        }
        String column = parts.requiredText("column");
        String unit = parts.has("unit") ? choice(parts, "unit", UNITS) : null;
        if (column == null || parts.has("unit") && unit == null) {
            return null;
        }
        return eventTime(column, parts.place("column"), unit);
    }

    private @Nullable EventTime eventTime(String column, Place place, @Nullable String unit) {
        DataType type = schema.type(column);
        if (type == null) {
            if (!schema.has(column) && schema.isComplete()) {
                problems.report(
                        place,
                        "The schema has no column '" + column + "' for the event time.",
                        Suggestions.of(column, "columns", schema.names()));
            }
            return null;
        }
        if (type == DataType.TIMESTAMP && unit == null) {
            return new EventTime(column, Unit.INSTANT);
        }
        if (type == DataType.LONG && unit != null) {
            return new EventTime(column, Unit.valueOf(unit.toUpperCase(Locale.ROOT)));
        }
        if (type == DataType.TIMESTAMP) {
            problems.report(
                    place, "The event time '" + column + "' is a timestamp and takes no unit.", "Remove the unit.");
        } else if (type == DataType.LONG) {
            problems.report(
                    place,
                    "The event time '" + column + "' is a long, so its unit must be given.",
                    "Write { column: " + column + ", unit: millis }; the units are: " + Suggestions.list(UNITS) + ".");
        } else {
            problems.report(
                    place,
                    "The event time '" + column + "' is a " + type.spelling()
                            + "; it must be a timestamp, or a long with a unit.",
                    "A text in ISO-8601 form is read as a timestamp: declare it as one.");
        }
        return null;
    }
}
