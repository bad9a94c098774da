package dev.tidemark.jobs.view;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/** Something of an entity that waits for a checkpoint before it is told to the outside. */
sealed interface Held {
    /**
     * A row of the history.
     *
     * @param row as {@link dev.tidemark.engine.RowCodec} packs it; null if the row of that valid_from is to be deleted
     */
    record Row(long validFrom, byte @Nullable [] row) implements Held {}

    /** An event that came too far behind settled rows. */
    record Refused(long time, int partition, long offset) implements Held {}

    /** What it speaks of: of several things of one entity and place only the last is still true. */
    default Object place() {
        return this instanceof Row row ? (Object) row.validFrom() : this;
    }

    /** About how many bytes of memory it takes. */
    default int weight() {
        return 64 + (this instanceof Row row && row.row() != null ? row.row().length : 0);
    }

    /**
     * Some of one entity, in their order, as they wait in Flink's state: format version (1 byte), the checkpoint after which they came
     * (8 bytes), how many there are (4 bytes); of each valid_from (8 bytes) and the row after its length, which is -1 for a deletion;
     * or -2 for a length and then the partition (4 bytes) and offset (8 bytes) of an event, whose time stands in place of valid_from.
     *
     * @param after the newest checkpoint that had begun when they came
     */
    record Chunk(long after, List<Held> items) {
        private static final byte FORMAT = 1;
        private static final int DELETION = -1;
        private static final int REFUSED = -2;

        byte[] encode() {
            DataOutputSerializer out = new DataOutputSerializer(64 + 64 * items.size());
            try {
                out.writeByte(FORMAT);
                out.writeLong(after);
                out.writeInt(items.size());
                for (Held item : items) {
                    write(item, out);
                }
            } catch (IOException e) {
                throw new IllegalStateException("Memory does not fail.", e);
            }
            return out.getCopyOfBuffer();
        }

        private static void write(Held item, DataOutputSerializer out) throws IOException {
            if (item instanceof Refused event) {
                out.writeLong(event.time());
                out.writeInt(REFUSED);
                out.writeInt(event.partition());
                out.writeLong(event.offset());
            } else if (item instanceof Row row) {
                out.writeLong(row.validFrom());
                out.writeInt(row.row() == null ? DELETION : row.row().length);
                out.write(row.row() == null ? new byte[0] : row.row());
            }
        }

        /** Reads what {@link #encode} wrote. */
        static Chunk decode(byte[] bytes) {
            DataInputDeserializer in = new DataInputDeserializer(bytes);
            try {
                byte format = in.readByte();
                if (format != FORMAT) {
                    throw new IllegalStateException("Rows that wait for a checkpoint have format " + format
                            + ", but this job reads format " + FORMAT
                            + ". Was the savepoint written by another release of Tidemark?");
                }
                long after = in.readLong();
                int size = in.readInt();
                List<Held> items = new ArrayList<>(size);
                for (int i = 0; i < size; i++) {
                    items.add(read(in));
                }
                return new Chunk(after, items);
            } catch (IOException e) {
                throw new IllegalStateException("Rows that wait for a checkpoint end in the middle of one.", e);
            }
        }

        private static Held read(DataInputDeserializer in) throws IOException {
            long instant = in.readLong();
            int length = in.readInt();
            if (length == REFUSED) {
                return new Refused(instant, in.readInt(), in.readLong());
            } else if (length == DELETION) {
                return new Row(instant, null);
            }
            byte[] row = new byte[length];
            in.readFully(row);
            return new Row(instant, row);
        }
    }
}
