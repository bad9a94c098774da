package dev.tidemark.engine.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.DataType;
import dev.tidemark.engine.ValueCodec;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The oracle's averages, sums and estimates against numbers worked out by hand. */
final class OracleEstimatesTest {
    @Test
    void anAverageByCountMovesByItsShareOfTheDifference() {
        assertThat(OracleFolds.ema(0.25, List.of(8L))).isEqualTo(8);
        assertThat(OracleFolds.ema(0.25, List.of(8L, 16L, 0L))).isEqualTo(7.5);
    }

    @Test
    void weightsHalve() {
        List<Object> values = List.of(8.0, 4.0, 1.0);
        assertThat(OracleFolds.decayedSum(10, values, List.of(0L, 10L, 30L))).isEqualTo(1 + 4 / 4.0 + 8 / 8.0);
        assertThat(OracleFolds.decayedAverage(10, values, List.of(0L, 10L, 30L)))
                .isEqualTo(3 / (1 + 0.25 + 0.125));
        assertThat(OracleFolds.decayedSum(10, List.of(-1.0, 0.0), List.of(0L, 5L)))
                .isEqualTo(-StrictMath.sqrt(0.5));
        assertThat(OracleFolds.decayedSum(1, values, List.of(0L, 0L, 1_000_000L)))
                .isEqualTo(1.0);
    }

    @Test
    void whatIsBeyondADoubleIsNoSum() {
        List<Object> values = List.of(Double.MAX_VALUE, Double.MAX_VALUE);
        assertThat(OracleFolds.decayedSum(10, values, List.of(0L, 0L))).isNull();
        assertThat(OracleFolds.decayedAverage(10, values, List.of(0L, 0L))).isEqualTo(Double.MAX_VALUE);
    }

    @Test
    void aPercentileIsTheFirstValueThatTheShareIsNotAbove() {
        List<Object> values = List.of(40L, 10L, 30L, 20L);
        assertThat(OracleSketches.percentile(0.25, values)).isEqualTo(10);
        assertThat(OracleSketches.percentile(0.26, values)).isEqualTo(20);
        assertThat(OracleSketches.percentile(0.5, values)).isEqualTo(20);
        assertThat(OracleSketches.percentile(0.999, values)).isEqualTo(40);
    }

    @Test
    void binsAre64BetweenPowersOfTwo() {
        assertThat(OracleSketches.middleOfBin(1)).isEqualTo(1 + 1 / 128.0);
        assertThat(OracleSketches.middleOfBin(-127.99)).isEqualTo(-127.5);
        assertThat(OracleSketches.middleOfBin(128)).isEqualTo(129);
        assertThat(OracleSketches.middleOfBin(-0.0)).isEqualTo(0.0);
        assertThat(OracleSketches.middleOfBin(77 * Double.MIN_VALUE)).isEqualTo(77 * Double.MIN_VALUE);
        assertThat(OracleSketches.middleOfBin(Double.MAX_VALUE)).isEqualTo(0x1.fep1023);
    }

    @Test
    void fewDifferentValuesAreCounted() {
        assertThat(OracleSketches.distinct(DataType.STRING, List.of("a", "", "a")))
                .isEqualTo(2);
        assertThat(OracleSketches.distinct(DataType.LONG, List.of())).isZero();
    }

    @Test
    void whatIsHashedIsWhatTheEngineHashes() throws IOException {
        for (long number : new long[] {0, -1, 63, 64, -64, -65, 8_191, 8_192, Long.MAX_VALUE, Long.MIN_VALUE}) {
            hashesTheSame(DataType.LONG, number);
            hashesTheSame(DataType.TIMESTAMP, Instant.ofEpochMilli(number));
        }
        hashesTheSame(DataType.BOOLEAN, true);
        hashesTheSame(DataType.BOOLEAN, false);
        hashesTheSame(DataType.DOUBLE, -0.0);
        hashesTheSame(DataType.DOUBLE, 1.5);
        hashesTheSame(DataType.STRING, "");
        hashesTheSame(DataType.STRING, "\u00e9\ud83d\ude00".repeat(40));
        hashesTheSame(DataType.BYTES, new byte[] {1, -1});
        hashesTheSame(new DataType.Decimal(10, 3), new BigDecimal("-1234.5"));
    }

    private static void hashesTheSame(DataType type, Object value) throws IOException {
        ByteArrayOutputStream engine = new ByteArrayOutputStream();
        ValueCodec.write(type, value, new DataOutputStream(engine));
        assertThat(OracleSketches.bytes(type, value)).as("%s", value).isEqualTo(engine.toByteArray());
    }
}
