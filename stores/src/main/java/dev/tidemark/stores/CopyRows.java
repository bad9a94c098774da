package dev.tidemark.stores;

import dev.tidemark.defs.DataType;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.ByteConverter;

/** Rows of one history table in the binary format of Postgres' COPY: the join keys, the times, the features, and whether the row is to be deleted. */
final class CopyRows {
    private static final byte[] SIGNATURE = "PGCOPY\n\u00FF\r\n\u0000".getBytes(StandardCharsets.ISO_8859_1);
    /** Postgres counts microseconds from the start of the year 2000. */
    private static final long MILLIS_TO_2000 = 946_684_800_000L;

    private final HistoryTable table;

    CopyRows(HistoryTable table) {
        this.table = table;
    }

    /**
     * All rows as one stream.
     *
     * @throws IllegalArgumentException if Postgres cannot hold a value: join keys longer than {@link HistoryTable#MAX_KEY_BYTES},
     *     or an instant before 4712 BC or after 294276 AD
     */
    byte[] encode(Collection<HistoryWrite> writes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 * writes.size());
        try {
            DataOutputStream out = new DataOutputStream(bytes);
            out.write(SIGNATURE);
            out.writeInt(0); // No flags,
            out.writeInt(0); // and no extension of the header.
            for (HistoryWrite write : writes) {
                writeRow(write, out);
            }
            out.writeShort(-1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void writeRow(HistoryWrite write, DataOutputStream out) throws IOException {
        List<HistoryTable.Column> features = table.features();
        out.writeShort(table.keys().size() + features.size() + 3);
        writeKeys(JoinKeys.decode(write.view().entity(), write.key()), out);
        FeatureRow row = write.row();
        writeInstant(write.validFrom(), out);
        writeInstant(row == null ? write.validFrom() : row.lastEventTime(), out);
        for (int i = 0; i < features.size(); i++) {
            write(features.get(i).type(), row == null ? null : row.values().get(i), out);
        }
        writeBoolean(write.deletes(), out);
    }

    private void writeKeys(List<?> values, DataOutputStream out) throws IOException {
        int bytes = 0;
        for (int i = 0; i < values.size(); i++) {
            int before = out.size();
            write(table.keys().get(i).type(), values.get(i), out);
            bytes += out.size() - before - Integer.BYTES;
        }
        if (bytes > HistoryTable.MAX_KEY_BYTES) {
            throw new IllegalArgumentException("The join keys of an entity of " + table.viewId() + " have " + bytes
                    + " bytes; the history keeps at most " + HistoryTable.MAX_KEY_BYTES + ".");
        }
    }

    private static void write(DataType type, @Nullable Object value, DataOutputStream out) throws IOException {
        if (value == null) {
            out.writeInt(-1);
        } else if (type instanceof DataType.Primitive primitive) {
            writePrimitive(primitive, value, out);
        } else if (type instanceof DataType.Decimal) {
            writeBytes(ByteConverter.numeric((BigDecimal) value), out);
        } else {
            writeText(JsonValue.text(type, value), out);
        }
    }

    private static void writePrimitive(DataType.Primitive type, Object value, DataOutputStream out) throws IOException {
        switch (type) {
            case LONG -> writeLong((Long) value, out);
            case DOUBLE -> writeLong(Double.doubleToRawLongBits((Double) value), out);
            case BOOLEAN -> writeBoolean((Boolean) value, out);
            case STRING -> writeText(SqlText.escape((String) value), out);
            case TIMESTAMP -> writeInstant(SqlValue.checked((Instant) value).toEpochMilli(), out);
            case BYTES -> writeBytes((byte[]) value, out);
        }
    }

    private static void writeInstant(long epochMillis, DataOutputStream out) throws IOException {
        if (epochMillis < SqlValue.MIN_INSTANT.toEpochMilli() || epochMillis > SqlValue.MAX_INSTANT.toEpochMilli()) {
            SqlValue.checked(Instant.ofEpochMilli(epochMillis));
        }
        writeLong((epochMillis - MILLIS_TO_2000) * 1_000, out);
    }

    private static void writeBoolean(boolean value, DataOutputStream out) throws IOException {
        out.writeInt(1);
        out.writeBoolean(value);
    }

    private static void writeLong(long value, DataOutputStream out) throws IOException {
        out.writeInt(Long.BYTES);
        out.writeLong(value);
    }

    private static void writeText(String text, DataOutputStream out) throws IOException {
        writeBytes(text.getBytes(StandardCharsets.UTF_8), out);
    }

    private static void writeBytes(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
