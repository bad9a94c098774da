package dev.tidemark.stores;

import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.engine.RowCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The value of a key of the online store: format version (1 byte), epoch (8 bytes), valid_from (8 bytes) and position, which the
 * script that compares and sets reads, and behind them the row as {@link RowCodec} packs it, with a format of its own.
 */
final class OnlineValue {
    /** 1 was a row without anything before it. */
    private static final byte FORMAT = 2;

    private OnlineValue() {}

    static byte[] encode(long epoch, OnlineWrite write, RowCodec codec) {
        byte[] packed = codec.encode(write.row());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(packed.length + 32);
        try {
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeByte(FORMAT);
            out.writeLong(epoch);
            out.writeLong(write.row().validFrom());
            write.position().write(out);
            out.write(packed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #encode} made.
     *
     * @throws IllegalArgumentException if the bytes are damaged, of another format or of other features; it says which
     */
    static OnlineRow decode(byte[] value, RowCodec codec) {
        ByteArrayInputStream bytes = new ByteArrayInputStream(value);
        DataInputStream in = new DataInputStream(bytes);
        try {
            byte format = in.readByte();
            if (format != FORMAT) {
                throw new IllegalArgumentException("The stored value has format " + format
                        + ", but this program reads format " + FORMAT
                        + ". Was it written by another release of Tidemark?");
            }
            long epoch = in.readLong();
            in.readLong(); // The row has its valid_from, too.
            LogPosition position = LogPosition.read(in);
            FeatureRow row = codec.decode(bytes.readAllBytes());
            return new OnlineRow(row, position, epoch);
        } catch (IOException | ArithmeticException | NegativeArraySizeException e) {
            throw new IllegalArgumentException("The stored value is damaged: it ends too early.", e);
        }
    }
}
