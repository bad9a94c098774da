package dev.tidemark.engine;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.DataType;
import java.io.DataInput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate over one type of input: makes its accumulators and reads them back.
 *
 * @param aggregate what is computed
 * @param input the type of the values that are added
 * @param length of the window, milliseconds, which a rate divides by; 0 for a lifetime and for slices
 * @param periods the window's civil periods, by whose lengths a rate divides; null for all others
 * @param sliced whether this is what slices hold, which must be able to merge and to leave
 */
record AccumulatorType(Aggregate aggregate, DataType input, long length, @Nullable Grid periods, boolean sliced) {

    /** What stands in slices for all aggregates that fold the values in their order, and for all percentiles. */
    private static final Aggregate IN_ORDER = new Aggregate.Ema(1);

    private static final Aggregate PERCENTILE = new Aggregate.ApproxPercentile(0.5);

    /**
     * The type of a window's totals, if they are not rates over civil periods.
     *
     * @param length of the window, milliseconds; 0 for a lifetime
     */
    AccumulatorType(Aggregate aggregate, DataType input, long length) {
        this(aggregate, input, length, null, false);
    }

    /**
     * The type of the totals of tumbling windows.
     *
     * @param periods what they are the last complete one of
     */
    AccumulatorType(Aggregate aggregate, DataType input, long length, Grid periods) {
        this(aggregate, input, length, aggregate instanceof Aggregate.Rate ? civil(periods) : null, false);
    }

    private static @Nullable Grid civil(Grid periods) {
        return periods instanceof Grid.Civil ? periods : null;
    }

    /**
     * Whether events must be added in their order, and accumulators never merged but into one of no events, which copies them. So it
     * is where nothing leaves, and keeping the values would take ever more room.
     */
    boolean needsOrder() {
        return shared().equals(IN_ORDER) && length == 0 && !sliced;
    }

    /**
     * The type of the accumulators that slices hold for this one, which can merge and remove them. Aggregates that are made of the
     * same, like a sum and an average, share it.
     */
    AccumulatorType ofSlices() {
        return new AccumulatorType(shared(), input, 0, periods, true);
    }

    private Aggregate shared() {
        if (aggregate instanceof Aggregate.Rate && periods == null) {
            return total().aggregate();
        } else if (aggregate instanceof Aggregate.TopK || aggregate instanceof Aggregate.Histogram) {
            return Plain.COUNT_DISTINCT;
        } else if (aggregate instanceof Aggregate.ApproxPercentile) {
            return PERCENTILE;
        } else if (aggregate instanceof Aggregate.Ema
                || aggregate instanceof Aggregate.DecayedSum
                || aggregate instanceof Aggregate.DecayedAvg) {
            return IN_ORDER;
        } else if (aggregate == Plain.AVG) {
            return Plain.SUM;
        } else if (aggregate == Plain.VARIANCE_SAMPLE
                || aggregate == Plain.STDDEV
                || aggregate == Plain.STDDEV_SAMPLE) {
            return Plain.VARIANCE;
        }
        return aggregate;
    }

    /** An accumulator of no events. */
    Accumulator create() {
        if (aggregate instanceof Plain plain) {
            return create(plain);
        } else if (aggregate instanceof Aggregate.FirstN first) {
            return new Edges(input, -1, first.n());
        } else if (aggregate instanceof Aggregate.LastN last) {
            return new Edges(input, 1, last.n());
        } else if (aggregate instanceof Aggregate.TopK || aggregate instanceof Aggregate.Histogram) {
            return distribution();
        } else if (aggregate instanceof Aggregate.ApproxPercentile percentile) {
            return new PercentileSketch(percentile.p());
        } else if (aggregate instanceof Aggregate.Rate rate) {
            return rate(rate);
        }
        return needsOrder() ? new RunningFold(fold()) : new WindowFold(fold());
    }

    private Accumulator create(Plain plain) {
        return switch (plain) {
            case COUNT -> new Count();
            case SUM -> new Sum(ExactSum.of(input), false);
            case AVG -> new Sum(ExactSum.of(input), true);
            case MIN -> new Extremum(input, -1);
            case MAX -> new Extremum(input, 1);
            case FIRST -> new Edge(input, -1);
            case LAST -> new Edge(input, 1);
            case VARIANCE, VARIANCE_SAMPLE, STDDEV, STDDEV_SAMPLE -> moments();
            case COUNT_DISTINCT -> distribution();
            case APPROX_COUNT_DISTINCT -> new DistinctSketch(input);
        };
    }

    /** Reads what {@link Accumulator#write} wrote. */
    Accumulator read(DataInput in) throws IOException {
        if (aggregate instanceof Plain plain) {
            return read(plain, in);
        } else if (aggregate instanceof Aggregate.FirstN first) {
            return new Edges(input, -1, first.n()).read(in);
        } else if (aggregate instanceof Aggregate.LastN last) {
            return new Edges(input, 1, last.n()).read(in);
        } else if (aggregate instanceof Aggregate.TopK || aggregate instanceof Aggregate.Histogram) {
            return distribution().read(in);
        } else if (aggregate instanceof Aggregate.ApproxPercentile percentile) {
            return new PercentileSketch(percentile.p()).read(in);
        } else if (aggregate instanceof Aggregate.Rate rate) {
            return readRate(rate, in);
        }
        return needsOrder() ? new RunningFold(fold()).read(in) : new WindowFold(fold()).read(in);
    }

    private Accumulator read(Plain plain, DataInput in) throws IOException {
        return switch (plain) {
            case COUNT -> Count.read(in);
            case SUM -> Sum.read(ExactSum.of(input), false, in);
            case AVG -> Sum.read(ExactSum.of(input), true, in);
            case MIN -> Extremum.read(input, -1, in);
            case MAX -> Extremum.read(input, 1, in);
            case FIRST -> Edge.read(input, -1, in);
            case LAST -> Edge.read(input, 1, in);
            case VARIANCE, VARIANCE_SAMPLE, STDDEV, STDDEV_SAMPLE -> moments().read(in);
            case COUNT_DISTINCT -> distribution().read(in);
            case APPROX_COUNT_DISTINCT -> new DistinctSketch(input).read(in);
        };
    }

    private Moments moments() {
        boolean sample = aggregate == Plain.VARIANCE_SAMPLE || aggregate == Plain.STDDEV_SAMPLE;
        return new Moments(input, sample, aggregate == Plain.STDDEV || aggregate == Plain.STDDEV_SAMPLE);
    }

    private Distribution distribution() {
        return new Distribution(input, counts -> {
            if (aggregate instanceof Aggregate.TopK top) {
                return counts.top(top.k());
            } else if (aggregate instanceof Aggregate.Histogram histogram) {
                return HistogramText.of(counts, histogram.limit());
            }
            return (long) counts.distinct();
        });
    }

    private Fold fold() {
        if (aggregate instanceof Aggregate.DecayedSum sum) {
            return new DecayFold(sum.halfLife().toMillis(), false);
        } else if (aggregate instanceof Aggregate.DecayedAvg average) {
            return new DecayFold(average.halfLife().toMillis(), true);
        }
        return new EmaFold(((Aggregate.Ema) aggregate).smoothing());
    }

    private Accumulator rate(Aggregate.Rate rate) {
        Accumulator total = total().create();
        return periods == null
                ? new Rate(total, rate.unit().toMillis(), length)
                : new CivilRate(total, rate.unit().toMillis(), periods, 0);
    }

    private Accumulator readRate(Aggregate.Rate rate, DataInput in) throws IOException {
        Accumulator total = total().read(in);
        return periods == null
                ? new Rate(total, rate.unit().toMillis(), length)
                : new CivilRate(total, rate.unit().toMillis(), periods, ValueCodec.readVarLong(in));
    }

    /** What a rate is made of. */
    private AccumulatorType total() {
        return new AccumulatorType(ofEvents() ? Plain.COUNT : Plain.SUM, input, 0);
    }

    /** Events are told from the values of a column by their type, of which a rate takes numbers only. */
    private boolean ofEvents() {
        return input == DataType.BOOLEAN;
    }
}
