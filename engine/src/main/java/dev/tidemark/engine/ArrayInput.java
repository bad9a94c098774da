package dev.tidemark.engine;

import java.io.InputStream;

/** Reads an array and says where it is, so that a reader can remember a part and skip it. Unlike the JDK's it takes no locks. */
final class ArrayInput extends InputStream {
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

    /**
     * Goes on behind the next bytes.
     *
     * @throws IllegalArgumentException if there are not so many left
     */
    void skipOver(int bytes) {
        if (bytes < 0 || bytes > end - position) {
            throw new IllegalArgumentException(
                    "The data is damaged: " + bytes + " bytes should follow, but " + (end - position) + " do.");
        }
        position += bytes;
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
}
