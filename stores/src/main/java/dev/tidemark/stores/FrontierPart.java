package dev.tidemark.stores;

import dev.tidemark.engine.LogPosition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What one parallel writer of online rows says of itself: every record up to a position has been looked at, and whatever it
 * changed in the entities of this writer was sent to the online store, which has taken it or has newer rows.
 *
 * @param epoch the number of the writer's {@link Epoch}
 * @param writers how many writers the entities of the view are spread over
 * @param reached the position
 * @param since where that began to be true of what the store has: of records up to there the store may have lost the rows
 */
public record FrontierPart(long epoch, int writers, LogPosition reached, LogPosition since) {
    private static final byte FORMAT = 1;

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeByte(FORMAT);
            out.writeLong(epoch);
            out.writeInt(writers);
            reached.write(out);
            since.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #encode} made.
     *
     * @throws IllegalArgumentException if the bytes are damaged or of another format
     */
    static FrontierPart decode(byte[] value) {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(value));
        try {
            byte format = in.readByte();
            if (format != FORMAT) {
                throw new IllegalArgumentException("The stored frontier has format " + format
                        + ", but this program reads format " + FORMAT
                        + ". Was it written by another release of Tidemark?");
            }
            return new FrontierPart(in.readLong(), in.readInt(), LogPosition.read(in), LogPosition.read(in));
        } catch (IOException | ArithmeticException | NegativeArraySizeException e) {
            throw new IllegalArgumentException("The stored frontier is damaged: it ends too early.", e);
        }
    }
}
