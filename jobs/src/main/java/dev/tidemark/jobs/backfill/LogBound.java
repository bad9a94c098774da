package dev.tidemark.jobs.backfill;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One end of the part of a log that a backfill covers. */
public sealed interface LogBound {
    /** The first record that is kept, or the last one there is when the backfill is planned. */
    record Open() implements LogBound {}

    /** An event time, epoch milliseconds. */
    record At(long instant) implements LogBound {}

    /**
     * An offset in each partition of a topic: the first record that counts, or the first that does not. The partitions are in their order, so that
     * the text of equal ones is the same in every process.
     */
    record Offsets(String topic, Map<Integer, Long> byPartition) implements LogBound {
        public Offsets {
            byPartition = Collections.unmodifiableMap(new TreeMap<>(byPartition));
        }
    }

    /** An offset as it is written, {@code topic:partition:offset}; a topic's name has no colon. */
    Pattern OFFSET = Pattern.compile("([^:,]+):(\\d{1,9}):(\\d{1,18})");

    /**
     * Reads what a person writes.
     *
     * @param open how the open end is spelled, {@code earliest} or {@code latest}
     * @throws IllegalArgumentException if the text is neither that, nor an instant, nor offsets; it says what to write
     */
    static LogBound parse(String text, String open) {
        if (text.equalsIgnoreCase(open)) {
            return new Open();
        } else if (text.contains("T") && !OFFSET.matcher(text.split(",", 2)[0]).matches()) {
            try {
                return new At(Instant.parse(text).toEpochMilli());
            } catch (DateTimeParseException | ArithmeticException e) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" is no instant. Write one as 2024-05-01T00:00:00Z.", e);
            }
        }
        return offsets(text, open);
    }

    private static Offsets offsets(String text, String open) {
        Map<Integer, Long> offsets = new TreeMap<>();
        String topic = "";
        for (String part : text.split(",", -1)) {
            Matcher matcher = OFFSET.matcher(part);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("\"" + part + "\" is no position in a log. Write " + open
                        + ", an instant such as 2024-05-01T00:00:00Z, or topic:partition:offset for every partition.");
            } else if (!topic.isEmpty() && !topic.equals(matcher.group(1))) {
                throw new IllegalArgumentException("\"" + text + "\" names the topics " + topic + " and "
                        + matcher.group(1) + ", but a view reads one.");
            }
            topic = matcher.group(1);
            if (offsets.put(Integer.valueOf(matcher.group(2)), Long.valueOf(matcher.group(3))) != null) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" names partition " + matcher.group(2) + " more than once.");
            }
        }
        return new Offsets(topic, offsets);
    }
}
