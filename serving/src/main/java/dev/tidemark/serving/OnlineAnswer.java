package dev.tidemark.serving;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.stores.JsonValue;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The answer to {@code POST /get-online-features}: a column for each join key, then one for each feature.
 *
 * @param views what is known of each row's entity in each view
 * @param positions the events that each row knows; none for an entity that was never seen
 */
record OnlineAnswer(
        OnlineRequest request,
        List<SelectedFeature> features,
        Map<ServedView, List<ViewAnswer>> views,
        Map<ServedView, List<LogPosition>> positions) {
    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build());

    String toJson() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeObjectFieldStart("metadata");
            writeNames(out);
            if (request.positions()) {
                writePositions(out);
            }
            out.writeEndObject();
            out.writeArrayFieldStart("results");
            for (List<JsonNode> column : request.entities().columns().values()) {
                writeKeys(column, out);
            }
            for (SelectedFeature feature : features) {
                writeFeature(feature, views.getOrDefault(feature.view(), List.of()), out);
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private void writeNames(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("feature_names");
        for (String key : request.entities().columns().keySet()) {
            out.writeString(key);
        }
        for (SelectedFeature feature : features) {
            out.writeString(feature.columnName(request.fullNames()));
        }
        out.writeEndArray();
    }

    /** For each view a list with an object for each row: topic, partition, offset. */
    private void writePositions(JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("positions");
        for (Map.Entry<ServedView, List<LogPosition>> ofView : positions.entrySet()) {
            out.writeArrayFieldStart(ofView.getKey().view().id());
            for (LogPosition position : ofView.getValue()) {
                out.writeStartObject();
                out.writeObjectFieldStart(ofView.getKey().view().source().topic());
                for (Map.Entry<Integer, Long> offset : position.offsets().entrySet()) {
                    out.writeNumberField(offset.getKey().toString(), offset.getValue());
                }
                out.writeEndObject();
                out.writeEndObject();
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private static void writeKeys(List<JsonNode> column, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeArrayFieldStart("values");
        for (JsonNode key : column) {
            out.writeTree(key);
        }
        out.writeEndArray();
        writeStrings("statuses", Collections.nCopies(column.size(), Status.PRESENT), out);
        writeStrings("event_timestamps", Collections.nCopies(column.size(), Instant.EPOCH), out);
        out.writeEndObject();
    }

    private static void writeFeature(SelectedFeature feature, List<ViewAnswer> answers, JsonGenerator out)
            throws IOException {
        out.writeStartObject();
        out.writeArrayFieldStart("values");
        for (ViewAnswer answer : answers) {
            JsonValue.write(feature.type(), answer.value(feature), out);
        }
        out.writeEndArray();
        writeStrings(
                "statuses",
                answers.stream().map(answer -> answer.status(feature)).toList(),
                out);
        writeStrings(
                "event_timestamps", answers.stream().map(ViewAnswer::eventTime).toList(), out);
        out.writeEndObject();
    }

    private static void writeStrings(String name, List<?> values, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart(name);
        for (Object value : values) {
            out.writeString(value.toString());
        }
        out.writeEndArray();
    }
}
