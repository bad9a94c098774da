package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.DataType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DistributionTest {
    private static final InputEvent EVENT = new InputEvent(0, 0, 0, new Object[] {});

    @Test
    void hasNoValueBeyondSoManyValuesAndItComesBackWithThem() throws IOException {
        AccumulatorType type = new AccumulatorType(Aggregate.Plain.COUNT_DISTINCT, DataType.LONG, 0);
        Accumulator oldest = longs(type, 0, 1);
        Accumulator others = longs(type, 1, Distribution.MOST_VALUES);
        Accumulator all = type.create();
        all.merge(oldest);
        all.merge(others);
        assertThat(all.value()).isEqualTo(100_000L);

        Accumulator newest = longs(type, Distribution.MOST_VALUES, Distribution.MOST_VALUES + 1);
        all.merge(newest);
        assertThat(all.value()).isNull();
        assertThat(all.isEmpty()).isFalse();
        assertThat(bytes(all)).hasSize(2);
        assertThat(type.read(new DataInputStream(new ByteArrayInputStream(bytes(all))))
                        .value())
                .isNull();

        assertThat(all.remove(oldest)).as("what stays is not known").isFalse();
        Accumulator anew = type.create();
        anew.merge(others);
        anew.merge(newest);
        assertThat(anew.value()).isEqualTo(100_000L);
    }

    @Test
    void hasNoValueBeyondSoManyCharacters() {
        Accumulator large = new AccumulatorType(new Aggregate.TopK(1), DataType.STRING, 0).create();
        large.add("x".repeat(Distribution.MOST_CHARACTERS - 1), EVENT);
        large.add("y", EVENT);
        large.add("y", EVENT);
        assertThat(large.value()).isEqualTo(List.of("y"));
        large.add("z", EVENT);
        assertThat(large.value()).isNull();
        large.add("y", EVENT);
        assertThat(large.value()).isNull();
    }

    @Test
    void givesRoomBackWhenAValueGoes() {
        AccumulatorType type = new AccumulatorType(Aggregate.Plain.COUNT_DISTINCT, DataType.BYTES, 0);
        Accumulator oldest = type.create();
        oldest.add(new byte[Distribution.MOST_CHARACTERS], EVENT);
        Accumulator all = type.create();
        all.merge(oldest);
        assertThat(all.remove(oldest)).isTrue();
        assertThat(all.value()).isEqualTo(0L);
        all.add(new byte[Distribution.MOST_CHARACTERS], EVENT);
        assertThat(all.value()).isEqualTo(1L);
    }

    @Test
    void equalSetsAreEqualBytes() throws IOException {
        AccumulatorType type = new AccumulatorType(new Aggregate.Histogram(2), DataType.LONG, 0);
        Accumulator one = longs(type, 0, 100);
        Accumulator another = longs(type, 50, 100);
        another.merge(longs(type, 0, 50));
        assertThat(bytes(another)).isEqualTo(bytes(one));
        another.merge(longs(type, 200, 300));
        another.remove(longs(type, 200, 300));
        assertThat(bytes(another)).isEqualTo(bytes(one));
    }

    @Test
    void aHistogramNeverNamesAMemberTwice() {
        Accumulator histogram = new AccumulatorType(new Aggregate.Histogram(2), DataType.STRING, 0).create();
        for (String value : List.of("a", "\u2026other", "\u2026other", "\u2026other", "b\"\n", "a", "c")) {
            histogram.add(value, EVENT);
        }
        assertThat(histogram.value()).isEqualTo("{\"a\":2,\"b\\\"\\n\":1,\"\u2026other\":4}");
    }

    @Test
    void aHistogramNamesValuesAsJsonWritesThem() {
        Accumulator histogram = new AccumulatorType(new Aggregate.Histogram(5), DataType.DOUBLE, 0).create();
        for (double value : new double[] {2e-3, -0.0, 0.0, 2.0E23, 0.1}) {
            histogram.add(value, EVENT);
        }
        assertThat(histogram.value()).isEqualTo("{\"-0.0\":1,\"0.0\":1,\"0.002\":1,\"0.1\":1,\"2.0E23\":1}");
    }

    private static Accumulator longs(AccumulatorType type, long from, long to) {
        Accumulator result = type.create();
        for (long value = from; value < to; value++) {
            result.add(value, EVENT);
        }
        return result;
    }

    private static byte[] bytes(Accumulator accumulator) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        accumulator.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }
}
