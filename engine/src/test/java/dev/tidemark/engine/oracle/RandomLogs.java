package dev.tidemark.engine.oracle;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Logs with the columns of {@link ViewBuilder#SCHEMA}. One clock goes forward for all partitions, now in bursts and now in leaps,
 * and events are behind it within the allowed lateness and beyond.
 */
final class RandomLogs {
    /** Before, at and after the epoch; in our days; the ends of the years 0 and 9999. */
    private static final Long[] STARTS = {
        0L, -1L, -100_000L, 1_700_000_000_000L, 1_700_000_000_123L, -62_135_596_800_001L, 253_402_300_799_999L
    };

    private static final BigDecimal GREATEST_DECIMAL =
            new BigDecimal(BigInteger.TEN.pow(38).subtract(BigInteger.ONE), 2);

    private RandomLogs() {}

    static Arbitrary<List<LogEvent>> logs(long unit, long lateness, int mostEvents) {
        return Combinators.combine(
                        Arbitraries.of(STARTS),
                        steps(unit, lateness).list().ofMinSize(1).ofMaxSize(mostEvents))
                .as(RandomLogs::log);
    }

    private static List<LogEvent> log(long start, List<Step> steps) {
        List<LogEvent> log = new ArrayList<>();
        Map<Integer, Long> offsets = new HashMap<>();
        long clock = start;
        for (Step step : steps) {
            clock += step.forward();
            long offset = offsets.merge(step.partition(), 1L, Long::sum);
            log.add(new LogEvent(step.partition(), offset, clock - step.back(), step.columns()));
        }
        return log;
    }

    private static Arbitrary<Step> steps(long unit, long lateness) {
        Arbitrary<Integer> partitions =
                Arbitraries.frequency(Tuple.of(4, 0), Tuple.of(3, 1), Tuple.of(1, 2), Tuple.of(1, 3));
        Arbitrary<Long> forward = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(0L)),
                Tuple.of(2, Arbitraries.longs().between(1, 3)),
                Tuple.of(3, Arbitraries.longs().between(1, unit)),
                Tuple.of(3, Arbitraries.longs().between(1, 10).map(n -> n * unit)),
                Tuple.of(1, Arbitraries.just(200 * unit)));
        Arbitrary<Long> back = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just(0L)),
                Tuple.of(3, Arbitraries.longs().between(0, lateness)),
                Tuple.of(1, Arbitraries.longs().between(lateness + 1, lateness + 2 * unit)));
        return Combinators.combine(partitions, forward, back, columns()).as(Step::new);
    }

    private static Arbitrary<Map<String, @Nullable Object>> columns() {
        return Combinators.combine(
                        Arbitraries.frequency(Tuple.of(8, "ann"), Tuple.of(3, "bob"))
                                .injectNull(0.03),
                        longs().injectNull(0.15),
                        doubles().injectNull(0.15),
                        decimals().injectNull(0.15),
                        Arbitraries.of("a", "b", "", "B", "\u00e9", "\uff5e", "\ud83d\ude00")
                                .injectNull(0.15),
                        Arbitraries.longs()
                                .between(-3, 3)
                                .map(Instant::ofEpochMilli)
                                .injectNull(0.15),
                        Arbitraries.of(true, false).injectNull(0.15),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(2).injectNull(0.15))
                .as((user, n, x, d, name, at, flag, raw) ->
                        columns(user, n, x, d, name, at, flag, raw, words(name, flag)));
    }

    private static Map<String, @Nullable Object> columns(@Nullable Object... values) {
        String[] names = {"user", "n", "x", "d", "name", "at", "flag", "raw", "words"};
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            if (values[i] != null) {
                columns.put(names[i], values[i]);
            }
        }
        return columns;
    }

    private static @Nullable List<@Nullable String> words(@Nullable String name, @Nullable Boolean flag) {
        return flag == null ? null : Arrays.asList(name, flag ? null : "word");
    }

    private static Arbitrary<Long> longs() {
        return Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.longs().between(-3, 3)),
                Tuple.of(1, Arbitraries.longs()),
                Tuple.of(1, Arbitraries.of(Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE, Long.MIN_VALUE + 1)));
    }

    private static Arbitrary<Double> doubles() {
        return Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.of(1e16, 1.0, -1e16, 0.1, 0.2, -0.3, 0.0, -0.0)),
                Tuple.of(2, Arbitraries.of(Double.MAX_VALUE, -Double.MAX_VALUE, Double.MIN_VALUE, -Double.MIN_VALUE)),
                Tuple.of(1, Arbitraries.longs().map(Double::longBitsToDouble)),
                Tuple.of(1, Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)));
    }

    private static Arbitrary<BigDecimal> decimals() {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(-300, 300).map(cents -> BigDecimal.valueOf(cents, 2)),
                Arbitraries.of(GREATEST_DECIMAL, GREATEST_DECIMAL.negate()));
    }

    private record Step(int partition, long forward, long back, Map<String, @Nullable Object> columns) {}
}
