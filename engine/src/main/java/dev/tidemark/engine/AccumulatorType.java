package dev.tidemark.engine;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.DataType;
import java.io.DataInput;
import java.io.IOException;

/**
 * One aggregate over one type of input: makes its accumulators and reads them back.
 *
 * @param aggregate what is computed
 * @param input the type of the values that are added
 * @param length of the window, milliseconds, which a rate divides by; 0 for a lifetime and for slices
 */
record AccumulatorType(Aggregate aggregate, DataType input, long length) {

    /** Whether the engine computes this aggregate yet. */
    static boolean supports(Aggregate aggregate) {
        return aggregate instanceof Plain && aggregate != Plain.APPROX_COUNT_DISTINCT
                || aggregate instanceof Aggregate.FirstN
                || aggregate instanceof Aggregate.LastN
                || aggregate instanceof Aggregate.TopK
                || aggregate instanceof Aggregate.Histogram
                || aggregate instanceof Aggregate.Rate;
    }

    /**
     * The type of the accumulators that slices hold for this one, which can merge and remove them. Aggregates that are made of the
     * same, like a sum and an average, share it.
     */
    AccumulatorType ofSlices() {
        return new AccumulatorType(shared(), input, 0);
    }

    private Aggregate shared() {
        if (aggregate instanceof Aggregate.Rate) {
            return ofEvents() ? Plain.COUNT : Plain.SUM;
        } else if (aggregate instanceof Aggregate.TopK || aggregate instanceof Aggregate.Histogram) {
            return Plain.COUNT_DISTINCT;
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
        if (aggregate instanceof Aggregate.FirstN first) {
            return new Edges(input, -1, first.n());
        } else if (aggregate instanceof Aggregate.LastN last) {
            return new Edges(input, 1, last.n());
        } else if (aggregate instanceof Aggregate.TopK || aggregate instanceof Aggregate.Histogram) {
            return distribution();
        } else if (aggregate instanceof Aggregate.Rate rate) {
            return rate(rate, ofSlices().create());
        } else if (aggregate instanceof Plain plain) {
            return create(plain);
        }
        throw notComputed();
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
            default -> throw notComputed();
        };
    }

    /** Reads what {@link Accumulator#write} wrote. */
    Accumulator read(DataInput in) throws IOException {
        if (aggregate instanceof Aggregate.FirstN first) {
            return new Edges(input, -1, first.n()).read(in);
        } else if (aggregate instanceof Aggregate.LastN last) {
            return new Edges(input, 1, last.n()).read(in);
        } else if (aggregate instanceof Aggregate.TopK || aggregate instanceof Aggregate.Histogram) {
            return distribution().read(in);
        } else if (aggregate instanceof Aggregate.Rate rate) {
            return rate(rate, ofSlices().read(in));
        } else if (aggregate instanceof Plain plain) {
            return read(plain, in);
        }
        throw notComputed();
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
            default -> throw notComputed();
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

    private Rate rate(Aggregate.Rate rate, Accumulator total) {
        return new Rate(total, rate.unit().toMillis(), length);
    }

    /** Events are told from the values of a column by their type, of which a rate takes numbers only. */
    private boolean ofEvents() {
        return input == DataType.BOOLEAN;
    }

    private IllegalStateException notComputed() {
        return new IllegalStateException("Not computed yet: " + aggregate.spelling());
    }
}
