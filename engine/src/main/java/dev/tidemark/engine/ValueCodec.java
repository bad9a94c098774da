package dev.tidemark.engine;

import dev.tidemark.defs.DataType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values of a {@link DataType} as bytes: compact, exact, and the same bytes for the same value on every machine. */
public final class ValueCodec {
    private ValueCodec() {}

    /**
     * Writes a value that is not null.
     *
     * @throws ClassCastException if the value is not of the type
     */
    public static void write(DataType type, Object value, DataOutput out) throws IOException {
        if (type instanceof DataType.Primitive primitive) {
            writePrimitive(primitive, value, out);
        } else if (type instanceof DataType.Decimal decimal) {
            BigDecimal number = ((BigDecimal) value).setScale(decimal.scale());
            writeBytes(number.unscaledValue().toByteArray(), out);
        } else if (type instanceof DataType.ListOf list) {
            List<?> elements = (List<?>) value;
            writeVarLong(elements.size(), out);
            for (Object element : elements) {
                writeNullable(list.element(), element, out);
            }
        }
    }

    /** Reads what {@link #write} wrote. */
    public static Object read(DataType type, DataInput in) throws IOException {
        if (type instanceof DataType.Primitive primitive) {
            return readPrimitive(primitive, in);
        } else if (type instanceof DataType.Decimal decimal) {
            return new BigDecimal(new BigInteger(readBytes(in)), decimal.scale());
        } else if (type instanceof DataType.ListOf list) {
            int size = Math.toIntExact(readVarLong(in));
            List<@Nullable Object> elements = new ArrayList<>(Math.min(size, 1024));
            for (int i = 0; i < size; i++) {
                elements.add(readNullable(list.element(), in));
            }
            return elements;
        }
        throw new IllegalStateException("No such type: " + type);
    }

    /** Writes a value that may be null. */
    public static void writeNullable(DataType type, @Nullable Object value, DataOutput out) throws IOException {
        out.writeBoolean(value != null);
        if (value != null) {
            write(type, value, out);
        }
    }

    /** Reads what {@link #writeNullable} wrote. */
    public static @Nullable Object readNullable(DataType type, DataInput in) throws IOException {
        return in.readBoolean() ? read(type, in) : null;
    }

    /** Writes values of some types, any of which may be null. */
    static void writeAll(List<DataType> types, @Nullable Object[] values, DataOutput out) throws IOException {
        for (int i = 0; i < values.length; i++) {
            writeNullable(types.get(i), values[i], out);
        }
    }

    /** Reads what {@link #writeAll} wrote. */
    static @Nullable Object[] readAll(List<DataType> types, DataInput in) throws IOException {
        @Nullable Object[] values = new @Nullable Object[types.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = readNullable(types.get(i), in);
        }
        return values;
    }

    private static void writePrimitive(DataType.Primitive type, Object value, DataOutput out) throws IOException {
        switch (type) {
            case LONG -> writeVarLong((Long) value, out);
            case DOUBLE -> out.writeLong(Double.doubleToRawLongBits((Double) value));
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case STRING -> writeBytes(((String) value).getBytes(StandardCharsets.UTF_8), out);
            case TIMESTAMP -> writeVarLong(((Instant) value).toEpochMilli(), out);
            case BYTES -> writeBytes((byte[]) value, out);
        }
    }

    private static Object readPrimitive(DataType.Primitive type, DataInput in) throws IOException {
        return switch (type) {
            case LONG -> readVarLong(in);
            case DOUBLE -> Double.longBitsToDouble(in.readLong());
            case BOOLEAN -> in.readBoolean();
            case STRING -> new String(readBytes(in), StandardCharsets.UTF_8);
            case TIMESTAMP -> Instant.ofEpochMilli(readVarLong(in));
            case BYTES -> readBytes(in);
        };
    }

    static void writeBytes(byte[] bytes, DataOutput out) throws IOException {
        writeVarLong(bytes.length, out);
        out.write(bytes);
    }

    static byte[] readBytes(DataInput in) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(readVarLong(in))];
        in.readFully(bytes);
        return bytes;
    }

    /** Writes a long in one to ten bytes, few for a number near zero (zigzag, seven bits a byte). */
    public static void writeVarLong(long value, DataOutput out) throws IOException {
        long rest = (value << 1) ^ (value >> 63);
        if (out instanceof ArrayOutput array) {
            array.writeBySevenBits(rest);
            return;
        }
        while ((rest & ~0x7FL) != 0) {
            out.writeByte((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    /** Reads what {@link #writeVarLong} wrote. */
    public static long readVarLong(DataInput in) throws IOException {
        long rest = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.readByte();
            rest |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return (rest >>> 1) ^ -(rest & 1);
            }
        }
        throw new IOException("A number of more than ten bytes: the data is damaged.");
    }
}
