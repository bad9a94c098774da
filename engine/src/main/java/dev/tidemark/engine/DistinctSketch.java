package dev.tidemark.engine;

import dev.tidemark.defs.DataType;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.hll.Union;
import org.jspecify.annotations.Nullable;

/**
 * About how many different values there are: a HyperLogLog sketch of 2^{@value #LOG_REGISTERS} registers, and of the hashes
 * themselves while they are few.
 *
 * <p>A register holds the greatest of what its values' hashes say, so the order of values and merges has no part in it. The
 * library offers two estimates. {@code getEstimate} follows the values as they come (HIP) and depends on their order; the
 * <em>composite</em> one is made of the registers alone, and is the one taken.
 */
final class DistinctSketch implements Accumulator {
    static final int LOG_REGISTERS = 12;

    private final DataType type;
    private Union sketch = new Union(LOG_REGISTERS);

    DistinctSketch(DataType type) {
        this.type = type;
    }

    /** Replaces what is in it by what {@link #write} wrote. */
    DistinctSketch read(DataInput in) throws IOException {
        sketch = new Union(LOG_REGISTERS);
        sketch.update(HllSketch.heapify(ValueCodec.readBytes(in)));
        return this;
    }

    @Override
    public void add(Object value, InputEvent event) {
        // The bytes of a value are never none, which the sketch would pass over, and those of 0.0 and -0.0 differ.
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(16);
        try {
            ValueCodec.write(type, value, new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sketch.update(bytes.toByteArray());
    }

    @Override
    public void merge(Accumulator other) {
        sketch.update(((DistinctSketch) other).sketch.getResult(TgtHllType.HLL_8));
    }

    @Override
    public boolean remove(Accumulator oldest) {
        return oldest.isEmpty(); // A register does not tell what it was before.
    }

    @Override
    public boolean isEmpty() {
        return sketch.isEmpty();
    }

    @Override
    public @Nullable Long value() {
        return isEmpty() ? null : (Long) Math.round(estimate());
    }

    double estimate() {
        return sketch.getCompositeEstimate();
    }

    @Override
    public long weight() {
        return 2 * Weight.SMALL + sketch.getUpdatableSerializationBytes();
    }

    @Override
    public void write(DataOutput out) throws IOException {
        byte[] image = sketch.getResult(TgtHllType.HLL_4).toCompactByteArray();
        ValueCodec.writeBytes(SketchImage.withoutOrder(image), out);
    }
}
