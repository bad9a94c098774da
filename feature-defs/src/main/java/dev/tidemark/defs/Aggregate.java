package dev.tidemark.defs;

import java.io.Serializable;
import java.time.Duration;
import java.util.Locale;

/** How the values in a window become one value. */
public sealed interface Aggregate extends Serializable {

    /** The aggregate's name as a definition spells it, for example {@code count_distinct}. */
    String spelling();

    /** The aggregates without parameters. */
    enum Plain implements Aggregate {
        COUNT,
        SUM,
        AVG,
        MIN,
        MAX,
        FIRST,
        LAST,
        VARIANCE,
        VARIANCE_SAMPLE,
        STDDEV,
        STDDEV_SAMPLE,
        COUNT_DISTINCT,
        APPROX_COUNT_DISTINCT;

        @Override
        public String spelling() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The first {@code n} values, oldest first. */
    record FirstN(int n) implements Aggregate {
        @Override
        public String spelling() {
            return "first_n";
        }
    }

    /** The last {@code n} values, newest first. */
    record LastN(int n) implements Aggregate {
        @Override
        public String spelling() {
            return "last_n";
        }
    }

    /** The value below which the share {@code p} of the values lies, within a stated relative error. */
    record ApproxPercentile(double p) implements Aggregate {
        @Override
        public String spelling() {
            return "approx_percentile";
        }
    }

    /** The {@code k} most frequent values, most frequent first. */
    record TopK(int k) implements Aggregate {
        @Override
        public String spelling() {
            return "top_k";
        }
    }

    /** How often each value occurred, of at most {@code limit} values. */
    record Histogram(int limit) implements Aggregate {
        @Override
        public String spelling() {
            return "histogram";
        }
    }

    /**
     * The exponential moving average by event count.
     *
     * @param smoothing the weight of the newest value, in (0, 1]
     */
    record Ema(double smoothing) implements Aggregate {
        @Override
        public String spelling() {
            return "ema";
        }
    }

    /** A sum in which a value's weight halves every {@code halfLife}. */
    record DecayedSum(Duration halfLife) implements Aggregate {
        @Override
        public String spelling() {
            return "decayed_sum";
        }
    }

    /** An average in which a value's weight halves every {@code halfLife}. */
    record DecayedAvg(Duration halfLife) implements Aggregate {
        @Override
        public String spelling() {
            return "decayed_avg";
        }
    }

    /** Events, or the sum of a column, for each {@code unit} of the window. */
    record Rate(Duration unit) implements Aggregate {
        @Override
        public String spelling() {
            return "rate";
        }
    }
}
