package dev.tidemark.jobs.record;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

final class KeyedEventSerializer extends WireSerializer<KeyedEvent> {
    private static final long serialVersionUID = 1L;

    @Override
    public void serialize(KeyedEvent record, DataOutputView target) throws IOException {
        writeText(record.key(), target);
        writeWithoutKey(record, target);
    }

    static void writeWithoutKey(KeyedEvent record, DataOutputView target) throws IOException {
        target.writeLong(record.time());
        target.writeInt(record.partition());
        target.writeLong(record.offset());
        target.writeLong(record.producedAt());
        writeBytes(record.inputs(), target);
    }

    @Override
    public KeyedEvent deserialize(DataInputView source) throws IOException {
        return readWithoutKey(readText(source), source);
    }

    static KeyedEvent readWithoutKey(String key, DataInputView source) throws IOException {
        return new KeyedEvent(
                key, source.readLong(), source.readInt(), source.readLong(), source.readLong(), readBytes(source));
    }

    @Override
    public TypeSerializerSnapshot<KeyedEvent> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Public with a public constructor, for Flink makes it from its name. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<KeyedEvent> {
        public Snapshot() {
            super(KeyedEventSerializer::new);
        }
    }
}
