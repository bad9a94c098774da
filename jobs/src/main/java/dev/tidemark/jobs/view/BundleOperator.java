package dev.tidemark.jobs.view;

import dev.tidemark.jobs.record.EventBundle;
import dev.tidemark.jobs.record.KeyedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Collects the events of each entity for a few milliseconds and sends them to it as one record. Comes after the ingest, in its
 * thread and before the exchange.
 *
 * <p>Events of one entity keep their order. What is collected is sent before a watermark goes on, before the stream is said to
 * be idle and before a checkpoint, so nothing of it is state and the view sees every event before the watermark that it saw it
 * before without bundles.
 */
public final class BundleOperator extends AbstractStreamOperator<EventBundle>
        implements OneInputStreamOperator<KeyedEvent, EventBundle> {
    private static final long serialVersionUID = 1L;

    /** Of all entities together; then everything is sent at once. */
    static final int MOST_EVENTS = 10_000;

    /** Of keys and inputs of all entities together. One event may be larger. */
    static final long MOST_BYTES = 4 << 20;

    private final Duration delay;
    private transient Map<String, List<KeyedEvent>> collected;
    private transient int events;
    private transient long bytes;
    private transient boolean waiting; // A clock timer will send what there is.
    private transient Counter bundles;

    /**
     * The operator of one view.
     *
     * @param delay how long an event may wait for others of its entity; zero to send every event on its own, at once
     */
    public BundleOperator(Duration delay) {
        this.delay = delay;
    }

    @Override
    public void open() throws Exception {
        super.open();
        collected = new LinkedHashMap<>();
        bundles = getMetricGroup().counter("bundles");
    }

    @Override
    public void processElement(StreamRecord<KeyedEvent> record) {
        KeyedEvent event = record.getValue();
        if (delay.isZero()) {
            send(EventBundle.of(event));
            return;
        }
        collected.computeIfAbsent(event.key(), this::known).add(event);
        events++;
        bytes += event.inputs().length;
        if (events >= MOST_EVENTS || bytes >= MOST_BYTES) {
            send();
        } else if (!waiting) {
            waiting = true;
            long then = getProcessingTimeService().getCurrentProcessingTime() + delay.toMillis();
            getProcessingTimeService().registerTimer(then, now -> {
                waiting = false;
                send();
            });
        }
    }

    private List<KeyedEvent> known(String key) {
        bytes += 2L * key.length();
        return new ArrayList<>(2);
    }

    @Override
    public void processWatermark(Watermark watermark) throws Exception {
        send();
        super.processWatermark(watermark);
    }

    /** An idle stream does not hold the view's watermark back any more, so its events go first. */
    @Override
    public void processWatermarkStatus(WatermarkStatus status) throws Exception {
        send();
        super.processWatermarkStatus(status);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) {
        send();
    }

    @Override
    public void finish() throws Exception {
        send();
        super.finish();
    }

    private void send() {
        if (events == 0) {
            return;
        }
        Map<String, List<KeyedEvent>> leaving = collected;
        collected = new LinkedHashMap<>();
        events = 0;
        bytes = 0;
        leaving.forEach((key, ofKey) -> send(new EventBundle(key, ofKey)));
    }

    private void send(EventBundle bundle) {
        bundles.inc();
        output.collect(new StreamRecord<>(bundle));
    }
}
