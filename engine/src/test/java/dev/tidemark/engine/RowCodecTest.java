package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Entity;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.defs.Window;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RowCodecTest {
    private static final FeatureRow ROW = new FeatureRow(Arrays.asList(7L, null), 1_001, 5_000, 1_000);

    @Property
    void givesBackEveryBitOfARow(@ForAll("cases") Case any) {
        RowCodec codec = RowCodec.of(any.view());

        FeatureRow decoded = codec.decode(codec.encode(any.row()));

        assertThat(decoded).usingRecursiveComparison().isEqualTo(any.row());
    }

    @Property
    void refusesEveryTruncatedRow(@ForAll("cases") Case any) {
        RowCodec codec = RowCodec.of(any.view());
        byte[] bytes = codec.encode(any.row());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.decode(Arrays.copyOf(bytes, bytes.length - 1)))
                .withMessageContaining("v@1 is damaged");
    }

    @Test
    void isCompact() {
        FeatureView view = view(List.of(DataType.LONG, DataType.DOUBLE));
        long now = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
        FeatureRow row = new FeatureRow(Arrays.asList(3L, 0.5), now + 1, FeatureRow.NEVER, now);

        assertThat(RowCodec.of(view).encode(row)).hasSize(1 + 4 + 1 + 6 + 1 + 1 + 1 + 8);
    }

    @Test
    void refusesARowOfOtherFeatures() {
        byte[] bytes =
                RowCodec.of(view(List.of(DataType.LONG, DataType.DOUBLE))).encode(ROW);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RowCodec.of(view(List.of(DataType.LONG, DataType.STRING)))
                        .decode(bytes))
                .withMessageContaining("has other features than the definition of v@1");
    }

    @Test
    void refusesAnotherFormat() {
        RowCodec codec = RowCodec.of(view(List.of(DataType.LONG, DataType.DOUBLE)));
        byte[] bytes = codec.encode(ROW);
        bytes[0] = 9;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.decode(bytes))
                .withMessageContaining("has format 9, but this program reads format 1");
    }

    @Test
    void refusesBytesAfterTheRow() {
        RowCodec codec = RowCodec.of(view(List.of(DataType.LONG, DataType.DOUBLE)));
        byte[] bytes = codec.encode(ROW);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.decode(Arrays.copyOf(bytes, bytes.length + 2)))
                .withMessageContaining("2 bytes too many");
    }

    @Test
    void refusesARowOfTheWrongLength() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RowCodec.of(view(List.of(DataType.LONG))).encode(ROW))
                .withMessageContaining("has 1 values, not 2");
    }

    record Case(FeatureView view, FeatureRow row) {}

    @Provide
    Arbitrary<Case> cases() {
        return types().list().ofMaxSize(20).flatMap(types -> {
            List<Arbitrary<Object>> values =
                    types.stream().map(type -> values(type).injectNull(0.2)).toList();
            Arbitrary<List<Object>> rows = values.isEmpty()
                    ? Arbitraries.just(List.of())
                    : Combinators.combine(values).as(list -> list);
            Arbitrary<Long> ends = Arbitraries.oneOf(Arbitraries.longs(), Arbitraries.just(FeatureRow.NEVER));
            return Combinators.combine(rows, Arbitraries.longs(), ends, Arbitraries.longs())
                    .as((row, from, until, last) -> new Case(view(types), new FeatureRow(row, from, until, last)));
        });
    }

    private static Arbitrary<DataType> types() {
        Arbitrary<DataType> simple = Arbitraries.oneOf(
                Arbitraries.of(DataType.Primitive.values()), Arbitraries.just(new DataType.Decimal(38, 6)));
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(5, simple), net.jqwik.api.Tuple.of(1, simple.map(DataType.ListOf::new)));
    }

    private static Arbitrary<Object> values(DataType type) {
        if (type instanceof DataType.ListOf list) {
            return values(list.element()).injectNull(0.2).list().ofMaxSize(4).map(elements -> elements);
        } else if (type instanceof DataType.Decimal decimal) {
            return Arbitraries.bigIntegers()
                    .between(BigInteger.TEN.pow(37).negate(), BigInteger.TEN.pow(37))
                    .map(unscaled -> new BigDecimal(unscaled, decimal.scale()));
        }
        return switch ((DataType.Primitive) type) {
            case LONG -> Arbitraries.longs().map(value -> value);
            case DOUBLE ->
                Arbitraries.oneOf(Arbitraries.doubles(), Arbitraries.of(-0.0, Double.MIN_VALUE))
                        .map(value -> value);
            case BOOLEAN -> Arbitraries.of(true, false).map(value -> value);
            // Half a surrogate pair is no character and has no UTF-8 form.
            case STRING ->
                Arbitraries.strings().all().excludeChars(surrogates()).map(value -> value);
            case TIMESTAMP -> Arbitraries.longs().map(Instant::ofEpochMilli);
            case BYTES -> Arbitraries.bytes().array(byte[].class).map(value -> value);
        };
    }

    private static char[] surrogates() {
        char[] surrogates = new char[Character.MAX_SURROGATE - Character.MIN_SURROGATE + 1];
        for (int i = 0; i < surrogates.length; i++) {
            surrogates[i] = (char) (Character.MIN_SURROGATE + i);
        }
        return surrogates;
    }

    private static FeatureView view(List<DataType> types) {
        List<Feature> features = new ArrayList<>();
        for (DataType type : types) {
            features.add(new Feature(
                    "f" + features.size(), type, Aggregate.Plain.LAST, "c", new Window.Lifetime(), null, null, null));
        }
        Source source = new Source(
                "s",
                "s",
                Source.Format.JSON,
                Map.of("t", DataType.TIMESTAMP),
                new Source.EventTime("t", Source.Unit.INSTANT),
                Duration.ZERO,
                Duration.ofSeconds(30));
        return new FeatureView(
                "v",
                1,
                new Entity("e", Map.of("k", DataType.STRING)),
                source,
                null,
                null,
                List.of(),
                null,
                null,
                List.of(),
                features,
                List.of(),
                FeatureView.History.FULL);
    }
}
