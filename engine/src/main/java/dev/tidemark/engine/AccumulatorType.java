package dev.tidemark.engine;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.DataType;
import java.io.DataInput;
import java.io.IOException;

/**
 * One aggregate over one type of input: makes its accumulators and reads them back.
 *
 * @param aggregate what is computed
 * @param input the type of the values that are added
 */
record AccumulatorType(Aggregate aggregate, DataType input) {

    /** Whether the engine computes this aggregate yet. */
    static boolean supports(Aggregate aggregate) {
        if (!(aggregate instanceof Aggregate.Plain plain)) {
            return false;
        }
        return switch (plain) {
            case COUNT, SUM, AVG, MIN, MAX, FIRST, LAST -> true;
            default -> false;
        };
    }

    /** An accumulator of no events. */
    Accumulator create() {
        return switch ((Aggregate.Plain) aggregate) {
            case COUNT -> new Count();
            case SUM -> new Sum(ExactSum.of(input), false);
            case AVG -> new Sum(ExactSum.of(input), true);
            case MIN -> new Extremum(input, -1);
            case MAX -> new Extremum(input, 1);
            case FIRST -> new Edge(input, -1);
            case LAST -> new Edge(input, 1);
            default -> throw new IllegalStateException("Not computed yet: " + aggregate.spelling());
        };
    }

    /** Reads what {@link Accumulator#write} wrote. */
    Accumulator read(DataInput in) throws IOException {
        return switch ((Aggregate.Plain) aggregate) {
            case COUNT -> Count.read(in);
            case SUM -> Sum.read(ExactSum.of(input), false, in);
            case AVG -> Sum.read(ExactSum.of(input), true, in);
            case MIN -> Extremum.read(input, -1, in);
            case MAX -> Extremum.read(input, 1, in);
            case FIRST -> Edge.read(input, -1, in);
            case LAST -> Edge.read(input, 1, in);
            default -> throw new IllegalStateException("Not computed yet: " + aggregate.spelling());
        };
    }
}
