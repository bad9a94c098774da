package dev.tidemark.jobs.record;

import dev.tidemark.engine.LogPosition;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

final class RowUpdateSerializer extends WireSerializer<RowUpdate> {
    private static final long serialVersionUID = 1L;

    @Override
    public void serialize(RowUpdate record, DataOutputView target) throws IOException {
        writeText(record.key(), target);
        target.writeLong(record.validFrom());
        target.writeBoolean(record.row() != null);
        if (record.row() != null) {
            writeBytes(record.row(), target);
        }
        record.position().write(target);
        target.writeLong(record.producedAt());
    }

    @Override
    public RowUpdate deserialize(DataInputView source) throws IOException {
        String key = readText(source);
        long validFrom = source.readLong();
        byte[] row = source.readBoolean() ? readBytes(source) : null;
        return new RowUpdate(key, validFrom, row, LogPosition.read(source), source.readLong());
    }

    @Override
    public TypeSerializerSnapshot<RowUpdate> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Public with a public constructor, for Flink makes it from its name. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<RowUpdate> {
        public Snapshot() {
            super(RowUpdateSerializer::new);
        }
    }
}
