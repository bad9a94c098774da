package dev.tidemark.engine.oracle;

import dev.tidemark.defs.DataType;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
            sketch.update(bytes(type, input));
        }
        return Math.round(sketch.getCompositeEstimate());
    }

    /** What of a value is hashed. */
    static byte[] bytes(DataType type, Object value) {
        if (value instanceof Boolean flag) {
            return new byte[] {(byte) (flag ? 1 : 0)};
        } else if (value instanceof Double number) {
            return ByteBuffer.allocate(Double.BYTES).putDouble(number).array();
        } else if (value instanceof Long number) {
            return bySevenBits(number);
        } else if (value instanceof Instant instant) {
            return bySevenBits(instant.toEpochMilli());
        }
        byte[] content = value instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : value instanceof BigDecimal number && type instanceof DataType.Decimal decimal
                        ? number.setScale(decimal.scale()).unscaledValue().toByteArray()
                        : (byte[]) value;
        byte[] length = bySevenBits(content.length);
        return ByteBuffer.allocate(length.length + content.length)
                .put(length)
                .put(content)
                .array();
    }

    /** 0, -1, 1, -2 and so on, counted from 0: the last seven bits first, and a high bit where more follow. */
    private static byte[] bySevenBits(long number) {
        BigInteger twice = BigInteger.valueOf(number).shiftLeft(1);
        BigInteger rest = number < 0 ? twice.negate().subtract(BigInteger.ONE) : twice;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (rest.bitLength() > 7) {
            bytes.write(rest.intValue() & 0x7F | 0x80);
            rest = rest.shiftRight(7);
        }
        bytes.write(rest.intValue());
        return bytes.toByteArray();
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
