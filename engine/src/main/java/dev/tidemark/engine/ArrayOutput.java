package dev.tidemark.engine;

import java.io.OutputStream;
import java.util.Arrays;

/** Writes to an array that grows. Unlike the JDK's it takes no locks. */
final class ArrayOutput extends OutputStream {
    private byte[] array;
    private int size;

    ArrayOutput(int capacity) {
        array = new byte[capacity];
    }

    byte[] toByteArray() {
        return Arrays.copyOf(array, size);
    }

    @Override
    public void write(int value) {
        if (size == array.length) {
            grow(1);
        }
        array[size++] = (byte) value;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        if (length > array.length - size) {
            grow(length);
        }
        System.arraycopy(source, offset, array, size, length);
        size += length;
    }

    private void grow(int more) {
        array = Arrays.copyOf(array, Math.max(Math.addExact(size, more), array.length * 2));
    }
}
