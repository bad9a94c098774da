package dev.tidemark.serving;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.engine.LogPosition;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which records must be in the rows of an answer, such as those that the client has just produced.
 *
 * @param offsets by topic: of some partitions the last record that must be in; none is empty
 * @param timeout how long the client waits for that
 */
record WaitFor(Map<String, LogPosition> offsets, Duration timeout) {
    static final Duration LONGEST = Duration.ofSeconds(30);

    /** How many partitions one request may name, of all topics together: as long as it waits, each is looked at again and again. */
    static final int MAX_PARTITIONS = 1_000;

    private static final Duration DEFAULT = Duration.ofSeconds(1);
    private static final Set<String> FIELDS = Set.of("offsets", "timeout_ms");
    private static final Pattern PARTITION = Pattern.compile("[0-9]{1,6}");
    private static final String FORM = "wait_for must be an object such as {\"offsets\": {\"payments\": {\"0\": 1234}},"
            + " \"timeout_ms\": 200}, with the offset of a record for each partition of a topic";

    /**
     * Reads the field {@code wait_for}.
     *
     * @throws ApiException if it has another form; it names the field, topic or partition
     */
    static WaitFor parse(JsonNode node) {
        node.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw ApiException.unprocessable(FORM + "; it has no field '" + Shown.text(name) + "'.");
            }
        });
        JsonNode topics = node.path("offsets");
        if (!topics.isObject() || topics.isEmpty()) {
            throw ApiException.unprocessable(FORM + "; wait_for.offsets is " + Shown.json(topics) + ".");
        }
        int partitions = 0;
        for (JsonNode ofTopic : topics) {
            partitions += ofTopic.size();
        }
        if (partitions > MAX_PARTITIONS) {
            throw ApiException.unprocessable("wait_for.offsets has " + partitions + " partitions; one request may have "
                    + MAX_PARTITIONS + ". Name only those with records that you wait for, or send several requests.");
        }
        Map<String, LogPosition> offsets = new LinkedHashMap<>();
        topics.properties().forEach(topic -> offsets.put(topic.getKey(), position(topic.getKey(), topic.getValue())));
        return new WaitFor(offsets, timeout(node.path("timeout_ms")));
    }

    private static LogPosition position(String topic, JsonNode partitions) {
        String where = "wait_for.offsets." + Shown.text(topic);
        if (!partitions.isObject() || partitions.isEmpty()) {
            throw ApiException.unprocessable(FORM + "; " + where + " is " + Shown.json(partitions) + ".");
        }
        LogPosition position = LogPosition.NONE;
        for (Map.Entry<String, JsonNode> entry : partitions.properties()) {
            String partition = entry.getKey();
            JsonNode offset = entry.getValue();
            if (!PARTITION.matcher(partition).matches()) {
                throw ApiException.unprocessable(
                        where + " has the partition '" + Shown.text(partition) + "', which is not a number from 0 on.");
            }
            if (!offset.isIntegralNumber() || !offset.canConvertToLong() || offset.longValue() < 0) {
                throw ApiException.unprocessable("The offset " + where + "." + partition
                        + " must be a whole number from 0 on, but is " + Shown.json(offset) + ".");
            }
            position = position.with(Integer.parseInt(partition), offset.longValue());
        }
        return position;
    }

    private static Duration timeout(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return DEFAULT;
        }
        if (!node.isIntegralNumber()
                || !node.canConvertToLong()
                || node.longValue() < 0
                || node.longValue() > LONGEST.toMillis()) {
            throw ApiException.unprocessable("wait_for.timeout_ms must be a whole number from 0 to "
                    + LONGEST.toMillis() + ", but is " + Shown.json(node) + ".");
        }
        return Duration.ofMillis(node.longValue());
    }
}
