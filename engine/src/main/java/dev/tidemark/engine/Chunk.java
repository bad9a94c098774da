package dev.tidemark.engine;

import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A few neighbouring slices of a lane, which stay as the bytes they were read as until one of them is looked at: an event touches
 * the newest slices and those that leave next, and the many between are only copied.
 */
final class Chunk {
    static final int CAPACITY = 16;

    private final LanePlan plan;
    private long first;
    private long last;
    private BitSet present = new BitSet(); // The cells in which any slice has events.
    private @Nullable ArrayInput bytes; // As read; null if there are none, or they are out of date.
    private @Nullable List<Slice> slices; // Null until looked at.

    private Chunk(LanePlan plan) {
        this.plan = plan;
    }

    /** A chunk with the slice of one event. */
    static Chunk of(LanePlan plan, InputEvent event) {
        Chunk chunk = new Chunk(plan);
        chunk.first = plan.slice(event.time());
        chunk.slices = new ArrayList<>();
        chunk.add(event);
        return chunk;
    }

    static Chunk read(LanePlan plan, DataInputStream in, ArrayInput input) throws IOException {
        Chunk chunk = new Chunk(plan);
        chunk.first = ValueCodec.readVarLong(in) * plan.unit();
        chunk.last = chunk.first + ValueCodec.readVarLong(in) * plan.unit();
        chunk.present = BitSet.valueOf(ValueCodec.readBytes(in));
        int length = Math.toIntExact(ValueCodec.readVarLong(in));
        chunk.bytes = new ArrayInput(input.array(), input.position(), length);
        input.skipOver(length);
        return chunk;
    }

    /** The start of the first slice. */
    long first() {
        return first;
    }

    /** The start of the last slice. */
    long last() {
        return last;
    }

    /** Whether any slice has events in a cell. */
    boolean has(int cell) {
        return present.get(cell);
    }

    boolean isFull() {
        return slices().size() >= CAPACITY;
    }

    /** The slices, oldest first; not to be changed but by {@link #add}. */
    List<Slice> slices() {
        if (slices == null) {
            slices = decode();
        }
        return slices;
    }

    /** Adds an event to its slice, which is the last or a new one behind it. */
    void add(InputEvent event) {
        List<Slice> all = slices();
        long start = plan.slice(event.time());
        if (all.isEmpty() || all.get(all.size() - 1).start() != start) {
            all.add(new Slice(start, plan.cells()));
        }
        Slice slice = all.get(all.size() - 1);
        slice.add(plan, event);
        slice.mark(present);
        last = start;
        bytes = null;
    }

    void write(DataOutput out) throws IOException {
        ValueCodec.writeVarLong(first / plan.unit(), out);
        ValueCodec.writeVarLong((last - first) / plan.unit(), out);
        ValueCodec.writeBytes(present.toByteArray(), out);
        if (bytes != null) {
            int length = bytes.available();
            ValueCodec.writeVarLong(length, out);
            out.write(bytes.array(), bytes.position(), length);
        } else {
            ValueCodec.writeBytes(encode(slices()), out);
        }
    }

    private byte[] encode(List<Slice> all) throws IOException {
        ArrayOutput output = new ArrayOutput(512);
        DataOutputStream out = new DataOutputStream(output);
        ValueCodec.writeVarLong(all.size(), out);
        long previous = first;
        for (Slice slice : all) {
            ValueCodec.writeVarLong((slice.start() - previous) / plan.unit(), out);
            previous = slice.start();
            slice.write(out);
        }
        return output.toByteArray();
    }

    private List<Slice> decode() {
        if (bytes == null) {
            throw new IllegalStateException("A chunk has its slices or their bytes.");
        }
        DataInputStream in = new DataInputStream(new ArrayInput(bytes.array(), bytes.position(), bytes.available()));
        try {
            int size = Math.toIntExact(ValueCodec.readVarLong(in));
            List<Slice> result = new ArrayList<>(size + 1);
            long start = first;
            for (int i = 0; i < size; i++) {
                start += ValueCodec.readVarLong(in) * plan.unit();
                Slice slice = new Slice(start, plan.cells());
                slice.read(plan, in);
                result.add(slice);
            }
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException("The slices of an entity are damaged.", e);
        }
    }
}
