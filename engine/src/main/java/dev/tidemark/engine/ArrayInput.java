package dev.tidemark.engine;

import java.io.DataInput;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads an array and says where it is, so that a reader can remember a part and skip it. Unlike the JDK's it takes no locks and has no
 * layers.
 */
final class ArrayInput extends InputStream implements DataInput {
    private final byte[] array;
    private final int end;
    private int position;

    ArrayInput(byte[] array, int offset, int length) {
        this.array = array;
        this.position = offset;
        this.end = offset + length;
    }

    byte[] array() {
        return array;
    }

    int position() {
        return position;
    }

    /** A reader of what is left, which does not move this one. */
    ArrayInput rest() {
        return new ArrayInput(array, position, end - position);
    }

    /**
     * A reader of the next bytes, behind which this one goes on.
     *
     * @throws EOFException if there are not so many left
     */
    ArrayInput part(long length) throws EOFException {
        if (length < 0 || length > end - position) {
            throw new EOFException(
                    "The data is damaged: " + length + " bytes should follow, but " + (end - position) + " do.");
        }
        ArrayInput part = new ArrayInput(array, position, (int) length);
        position += (int) length;
        return part;
    }

    @Override
    public int read() {
        return position < end ? array[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        } else if (position == end) {
            return -1;
        }
        int count = Math.min(length, end - position);
        System.arraycopy(array, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return end - position;
    }

    @Override
    public void readFully(byte[] target) throws EOFException {
        readFully(target, 0, target.length);
    }

    @Override
    public void readFully(byte[] target, int offset, int length) throws EOFException {
        if (length > end - position) {
            throw new EOFException();
        }
        System.arraycopy(array, position, target, offset, length);
        position += length;
    }

    @Override
    public int skipBytes(int count) {
        int skipped = Math.max(0, Math.min(count, end - position));
        position += skipped;
        return skipped;
    }

    @Override
    public boolean readBoolean() throws EOFException {
        return readByte() != 0;
    }

    @Override
    public byte readByte() throws EOFException {
        if (position == end) {
            throw new EOFException();
        }
        return array[position++];
    }

    @Override
    public int readUnsignedByte() throws EOFException {
        return readByte() & 0xFF;
    }

    @Override
    public short readShort() throws EOFException {
        return (short) (readUnsignedByte() << 8 | readUnsignedByte());
    }

    @Override
    public int readUnsignedShort() throws EOFException {
        return readShort() & 0xFFFF;
    }

    @Override
    public char readChar() throws EOFException {
        return (char) readShort();
    }

    @Override
    public int readInt() throws EOFException {
        return readShort() << 16 | readUnsignedShort();
    }

    @Override
    public long readLong() throws EOFException {
        return (long) readInt() << 32 | readInt() & 0xFFFFFFFFL;
    }

    @Override
    public float readFloat() throws EOFException {
        return Float.intBitsToFloat(readInt());
    }

    @Override
    public double readDouble() throws EOFException {
        return Double.longBitsToDouble(readLong());
    }

    @Override
    @SuppressWarnings("deprecation")
    public @Nullable String readLine() throws IOException {
        return new DataInputStream(this).readLine();
    }

    @Override
    public String readUTF() throws IOException {
        return DataInputStream.readUTF(this);
    }
}
