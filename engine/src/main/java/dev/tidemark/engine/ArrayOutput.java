package dev.tidemark.engine;

import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes to an array that grows. Unlike the JDK's it takes no locks and has no layers. */
final class ArrayOutput extends OutputStream implements DataOutput {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** How many bytes of seven bits a long takes. */
    private static final int LONGEST = 10;

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
    public void write(byte[] source) {
        write(source, 0, source.length);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        if (length > array.length - size) {
            grow(length);
        }
        System.arraycopy(source, offset, array, size, length);
        size += length;
    }

    @Override
    public void writeBoolean(boolean value) {
        write(value ? 1 : 0);
    }

    @Override
    public void writeByte(int value) {
        write(value);
    }

    @Override
    public void writeShort(int value) {
        write(value >>> 8);
        write(value);
    }

    @Override
    public void writeChar(int value) {
        writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        writeShort(value >>> 16);
        writeShort(value);
    }

    @Override
    public void writeLong(long value) {
        if (array.length - size < Long.BYTES) {
            grow(Long.BYTES);
        }
        LONGS.set(array, size, value);
        size += Long.BYTES;
    }

    @Override
    public void writeFloat(float value) {
        writeInt(Float.floatToIntBits(value));
    }

    @Override
    public void writeDouble(double value) {
        writeLong(Double.doubleToLongBits(value));
    }

    @Override
    public void writeBytes(String text) throws IOException {
        new DataOutputStream(this).writeBytes(text);
    }

    @Override
    public void writeChars(String text) throws IOException {
        new DataOutputStream(this).writeChars(text);
    }

    @Override
    public void writeUTF(String text) throws IOException {
        new DataOutputStream(this).writeUTF(text);
    }

    /** Writes a number without sign, seven bits a byte, the last ones first; each byte but the last has its upper bit set. */
    void writeBySevenBits(long number) {
        if (array.length - size < LONGEST) {
            grow(LONGEST);
        }
        byte[] target = array;
        int at = size;
        long rest = number;
        while ((rest & ~0x7FL) != 0) {
            target[at++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        size = at;
    }

    private void grow(int more) {
        array = Arrays.copyOf(array, Math.max(Math.addExact(size, more), array.length * 2));
    }
}
