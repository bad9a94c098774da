package dev.tidemark.jobs.record;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes the key once for all events. */
final class EventBundleSerializer extends WireSerializer<EventBundle> {
    private static final long serialVersionUID = 1L;

    @Override
    public void serialize(EventBundle bundle, DataOutputView target) throws IOException {
        writeText(bundle.key(), target);
        target.writeInt(bundle.events().size());
        for (KeyedEvent event : bundle.events()) {
            KeyedEventSerializer.writeWithoutKey(event, target);
        }
    }

    @Override
    public EventBundle deserialize(DataInputView source) throws IOException {
        String key = readText(source);
        int size = source.readInt();
        if (size == 1) {
            return EventBundle.of(KeyedEventSerializer.readWithoutKey(key, source));
        }
        List<KeyedEvent> events = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            events.add(KeyedEventSerializer.readWithoutKey(key, source));
        }
        return new EventBundle(key, events);
    }

    @Override
    public TypeSerializerSnapshot<EventBundle> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Public with a public constructor, for Flink makes it from its name. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<EventBundle> {
        public Snapshot() {
            super(EventBundleSerializer::new);
        }
    }
}
