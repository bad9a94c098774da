package dev.tidemark.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A fold that keeps its result and none of the values, for windows that nothing leaves. Events must be added in their order, which
 * {@link AccumulatorType#needsOrder} tells of.
 */
final class RunningFold implements Accumulator {
    private static final @Nullable Object[] NO_INPUTS = {};

    private final Fold fold;
    private @Nullable InputEvent newest; // Without inputs; null as long as there is no value.

    RunningFold(Fold fold) {
        this.fold = fold;
    }

    /** Replaces what is in it by what {@link #write} wrote. */
    RunningFold read(DataInput in) throws IOException {
        newest = !in.readBoolean()
                ? null
                : new InputEvent(
                        ValueCodec.readVarLong(in),
                        Math.toIntExact(ValueCodec.readVarLong(in)),
                        ValueCodec.readVarLong(in),
                        NO_INPUTS);
        fold.read(in);
        return this;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if the event is not newer than all before
     */
    @Override
    public void add(Object value, InputEvent event) {
        if (newest != null && event.compareTo(newest) <= 0) {
            throw new IllegalStateException("A running fold takes events in order, but after the one at "
                    + newest.time() + " comes one at " + event.time() + ".");
        }
        fold.add(((Number) value).doubleValue(), event.time());
        newest = new InputEvent(event.time(), event.partition(), event.offset(), NO_INPUTS);
    }

    /**
     * Copies the other, as nothing can be told from the results of two.
     *
     * @throws IllegalStateException if there are values on both sides
     */
    @Override
    public void merge(Accumulator other) {
        if (other.isEmpty()) {
            return;
        } else if (!isEmpty()) {
            throw new IllegalStateException("A running fold can be copied, not merged.");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try {
            other.write(new DataOutputStream(bytes));
            read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean remove(Accumulator oldest) {
        return oldest.isEmpty();
    }

    @Override
    public boolean isEmpty() {
        return newest == null;
    }

    @Override
    public @Nullable Object value() {
        return fold.value();
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeBoolean(newest != null);
        if (newest != null) {
            ValueCodec.writeVarLong(newest.time(), out);
            ValueCodec.writeVarLong(newest.partition(), out);
            ValueCodec.writeVarLong(newest.offset(), out);
        }
        fold.write(out);
    }
}
