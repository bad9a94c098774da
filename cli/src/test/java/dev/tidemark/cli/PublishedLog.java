package dev.tidemark.cli;

import dev.tidemark.engine.oracle.LogEvent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A log of payments in a topic that is published bit by bit, and what is published of it. */
final class PublishedLog {
    private final PaymentsLog log;
    private final String bootstrap;
    private final String topic;
    private int[] ends;

    /**
     * Nothing is published yet.
     *
     * @param partitions how many of the log's partitions the topic has
     */
    PublishedLog(PaymentsLog log, int partitions, String bootstrap, String topic) {
        this.log = log;
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.ends = new int[partitions];
    }

    String topic() {
        return topic;
    }

    /** Publishes on, up to a fraction of every partition that the topic has. */
    void publishTo(double fraction) {
        int[] to = log.upTo(fraction, ends.length);
        log.publish(bootstrap, topic, ends, to);
        ends = to;
    }

    /** The topic has been given another of the log's partitions, of which nothing is published yet. */
    void partitionAdded() {
        ends = Arrays.copyOf(ends, ends.length + 1);
    }

    /** How many records are published. */
    int size() {
        return Arrays.stream(ends).sum();
    }

    /** The published events that can be read, late ones among them, each partition's in order. */
    List<LogEvent> events() {
        return log.readable().stream()
                .filter(event -> event.partition() < ends.length && event.offset() < ends[event.partition()])
                .toList();
    }

    /** Up to where a reader of what is published may settle, if no partition is idle. */
    long settledInstant(Duration allowedLateness) {
        return PaymentsLog.settledInstant(events(), allowedLateness);
    }
}
