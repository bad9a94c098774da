package dev.tidemark.jobs.record;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

final class SourceRecordSerializer extends WireSerializer<SourceRecord> {
    private static final long serialVersionUID = 1L;
    private static final KeyedEventSerializer EVENTS = new KeyedEventSerializer();

    @Override
    public void serialize(SourceRecord record, DataOutputView target) throws IOException {
        writeText(record.topic(), target);
        target.writeInt(record.partition());
        target.writeLong(record.offset());
        target.writeLong(record.time());
        target.writeLong(record.producedAt());
        writeOptionalBytes(record.bytes(), target);
        target.writeInt(record.events().size());
        for (KeyedEvent event : record.events()) {
            target.writeBoolean(event != null);
            if (event != null) {
                EVENTS.serialize(event, target);
            }
        }
        target.writeInt(record.notFinite());
        Refusal refusal = record.refusal();
        target.writeBoolean(refusal != null);
        if (refusal != null) {
            writeRefusal(refusal, target);
        }
    }

    @Override
    public SourceRecord deserialize(DataInputView source) throws IOException {
        return new SourceRecord(
                readText(source),
                source.readInt(),
                source.readLong(),
                source.readLong(),
                source.readLong(),
                readOptionalBytes(source),
                readEvents(source),
                source.readInt(),
                source.readBoolean() ? readRefusal(source) : null);
    }

    private static List<@Nullable KeyedEvent> readEvents(DataInputView source) throws IOException {
        int size = source.readInt();
        List<@Nullable KeyedEvent> events = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            events.add(source.readBoolean() ? EVENTS.deserialize(source) : null);
        }
        return events;
    }

    @Override
    public TypeSerializerSnapshot<SourceRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Public with a public constructor, for Flink makes it from its name. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<SourceRecord> {
        public Snapshot() {
            super(SourceRecordSerializer::new);
        }
    }
}
