package dev.tidemark.engine.oracle;

import dev.tidemark.defs.DataType;
import dev.tidemark.engine.ValueCodec;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;

/** Estimates: which one it has to be, and what it is an estimate of. */
final class OracleSketches {
    /** Powers of two are split into that many bins. */
    private static final int BINS = 64;

    private OracleSketches() {}

    /** What one sketch, to which all values are shown in their order, says of how many are different. */
    static long distinct(DataType type, List<Object> inputs) {
        HllSketch sketch = new HllSketch(12, TgtHllType.HLL_6);
        for (Object input : inputs) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                ValueCodec.write(type, input, new DataOutputStream(bytes));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            sketch.update(bytes.toByteArray());
        }
        return Math.round(sketch.getCompositeEstimate());
    }

    /** The least value that at least a share of the values is not above. */
    static double percentile(double p, List<Object> inputs) {
        List<Object> sorted = inputs.stream().sorted(OracleAggregates::compare).toList();
        BigDecimal share = new BigDecimal(Double.toString(p)).multiply(BigDecimal.valueOf(sorted.size()));
        int rank = 1;
        while (BigDecimal.valueOf(rank).compareTo(share) < 0) {
            rank++;
        }
        return ((Number) sorted.get(rank - 1)).doubleValue();
    }

    /** The middle of a number's bin, cut off to what a double can tell apart. */
    static double middleOfBin(double value) {
        BigInteger units = ExactNumbers.units(Math.abs(value));
        if (units.signum() == 0) {
            return 0;
        }
        BigInteger power = BigInteger.ONE.shiftLeft(units.bitLength() - 1);
        BigInteger bin =
                units.subtract(power).multiply(BigInteger.valueOf(BINS)).divide(power);
        BigInteger twice = bin.shiftLeft(1).add(BigInteger.valueOf(2 * BINS + 1));
        BigInteger middle = power.multiply(twice).divide(BigInteger.valueOf(2 * BINS));
        return Math.signum(value) * ExactNumbers.quotient(middle, ExactNumbers.UNITS_PER_ONE);
    }
}
