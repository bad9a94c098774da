package dev.tidemark.jobs.backfill;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * What a backfill reads, counts and writes. It is made once and kept, so that a backfill which was interrupted goes on to the same end.
 *
 * @param parts one for each partition of the topic
 * @param eventsFrom the first event time that counts, epoch milliseconds; {@link Long#MIN_VALUE} for all
 * @param eventsBefore the first event time that no longer counts; {@link Long#MAX_VALUE} for none
 * @param rowsFrom the first valid_from that is written
 * @param rowsBefore the first valid_from that is no longer written
 * @param settleUntil no row after this instant is settled; {@link Long#MAX_VALUE} if the log alone decides
 * @param drain whether the end of the log settles every change point that is still to come
 * @param beside the ids of the other views without whose join keys a record is no event
 */
public record BackfillPlan(
        String topic,
        List<Part> parts,
        long eventsFrom,
        long eventsBefore,
        long rowsFrom,
        long rowsBefore,
        long settleUntil,
        boolean drain,
        List<String> beside)
        implements Serializable {
    private static final String PARTS = "parts";

    public BackfillPlan {
        parts = List.copyOf(parts);
        beside = List.copyOf(beside);
    }

    /** The same with other views that have a say in what is refused. */
    public BackfillPlan beside(List<String> views) {
        return new BackfillPlan(
                topic, parts, eventsFrom, eventsBefore, rowsFrom, rowsBefore, settleUntil, drain, views);
    }

    /**
     * One partition. It is read from the beginning in any case, because whether an event is late hangs on all events before it.
     *
     * @param begin the first offset that is kept
     * @param start the first offset whose event may count
     * @param end the first offset that is not read
     * @param atLogEnd whether the log ended there, too, when the plan was made. Where it went on, the partition speaks again
     */
    public record Part(int partition, long begin, long start, long end, boolean atLogEnd) implements Serializable {
        private String text() {
            return partition + " " + begin + " " + start + " " + end + " " + atLogEnd;
        }

        private static Part parse(String text) {
            String[] words = text.split(" ", -1);
            return new Part(
                    Integer.parseInt(words[0]),
                    Long.parseLong(words[1]),
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]),
                    Boolean.parseBoolean(words[4]));
        }
    }

    /** How many offsets there are to read. */
    public long offsets() {
        return parts.stream().mapToLong(part -> part.end - part.begin).sum();
    }

    boolean writesAllRows() {
        return rowsFrom == Long.MIN_VALUE && rowsBefore == Long.MAX_VALUE;
    }

    Properties toProperties() {
        Properties properties = new Properties();
        properties.setProperty("topic", topic);
        properties.setProperty(
                PARTS, String.join(",", parts.stream().map(Part::text).toList()));
        properties.setProperty("eventsFrom", "" + eventsFrom);
        properties.setProperty("eventsBefore", "" + eventsBefore);
        properties.setProperty("rowsFrom", "" + rowsFrom);
        properties.setProperty("rowsBefore", "" + rowsBefore);
        properties.setProperty("settleUntil", "" + settleUntil);
        properties.setProperty("drain", "" + drain);
        properties.setProperty("beside", String.join(",", beside));
        return properties;
    }

    /** @throws IllegalArgumentException if something is missing or no number */
    static BackfillPlan of(Properties properties) {
        List<Part> parts = new ArrayList<>();
        for (String part : text(properties, PARTS).split(",", -1)) {
            parts.add(Part.parse(part));
        }
        return new BackfillPlan(
                text(properties, "topic"),
                parts,
                number(properties, "eventsFrom"),
                number(properties, "eventsBefore"),
                number(properties, "rowsFrom"),
                number(properties, "rowsBefore"),
                number(properties, "settleUntil"),
                Boolean.parseBoolean(text(properties, "drain")),
                ids(text(properties, "beside")));
    }

    private static List<String> ids(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }

    private static long number(Properties properties, String name) {
        return Long.parseLong(text(properties, name));
    }

    private static String text(Properties properties, String name) {
        String text = properties.getProperty(name);
        if (text == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return text;
    }
}
