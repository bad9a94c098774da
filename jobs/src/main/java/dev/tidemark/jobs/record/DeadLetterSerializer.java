package dev.tidemark.jobs.record;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

final class DeadLetterSerializer extends WireSerializer<DeadLetter> {
    private static final long serialVersionUID = 1L;

    @Override
    public void serialize(DeadLetter record, DataOutputView target) throws IOException {
        writeText(record.topic(), target);
        target.writeInt(record.partition());
        target.writeLong(record.offset());
        Long time = record.eventTime();
        target.writeBoolean(time != null);
        if (time != null) {
            target.writeLong(time);
        }
        writeRefusal(record.refusal(), target);
        writeOptionalBytes(record.bytes(), target);
    }

    @Override
    public DeadLetter deserialize(DataInputView source) throws IOException {
        String topic = readText(source);
        int partition = source.readInt();
        long offset = source.readLong();
        @Nullable Long time = source.readBoolean() ? (Long) source.readLong() : null;
        return new DeadLetter(topic, partition, offset, time, readRefusal(source), readOptionalBytes(source));
    }

    @Override
    public TypeSerializerSnapshot<DeadLetter> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Public with a public constructor, for Flink makes it from its name. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<DeadLetter> {
        public Snapshot() {
            super(DeadLetterSerializer::new);
        }
    }
}
