package dev.tidemark.benchmarks.stores;

import dev.tidemark.benchmarks.Views;
import dev.tidemark.benchmarks.Workload;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.stores.HistoryWrite;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Rows as a job gives them: one for each event of a workload, of as many entities, in the order of event time. */
final class Rows {
    static final FeatureView VIEW = Views.of(
            List.of(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofDays(1)),
            Views.STEP,
            Views.FIVE,
            List.of(Views.AMOUNT));

    /** A live job sends up to 5,000 rows at once. */
    static final int BATCH = 2_000;

    private final Workload workload;
    private final String[] keys;
    private final int[] draws;

    Rows(Workload workload) {
        this.workload = workload;
        this.draws = workload.drawKeys();
        this.keys = IntStream.range(0, workload.keys())
                .mapToObj(key -> JoinKeys.encode(VIEW.entity(), List.of(Workload.key(key))))
                .toArray(String[]::new);
    }

    /** So many batches; no two rows have the same time. */
    List<List<HistoryWrite>> batches(long count) {
        return LongStream.range(0, count)
                .mapToObj(batch -> LongStream.range(batch * BATCH, (batch + 1) * BATCH)
                        .mapToObj(number ->
                                new HistoryWrite(VIEW, keys[draws[(int) (number % draws.length)]], row(number)))
                        .toList())
                .toList();
    }

    /** The keys of all entities, as rows have them. */
    String[] keys() {
        return keys;
    }

    /** The row of an event's number: as wide as a real one, and different from the one before. */
    FeatureRow row(long number) {
        List<Object> values = VIEW.features().stream()
                .map(feature -> feature.type() == DataType.LONG
                        ? (Object) Workload.quantity(number)
                        : (Object) Workload.amount(number))
                .toList();
        long time = workload.time(number);
        return new FeatureRow(List.copyOf(values), time + 1, time + 60_000, time);
    }
}
