package dev.tidemark.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** Two peers, measured in turn; every other pair runs in reverse order. */
public final class Turns {
    private Turns() {}

    /** One measurement. */
    public interface Run {
        /** Runs once and tells how much was done in a second. */
        double perSecond() throws Exception;
    }

    /** The middle results of both. */
    public record Medians(double ours, double other) {
        public double ratio() {
            return ours / other;
        }
    }

    /**
     * Measures both so many times.
     *
     * @param pairs at least 1
     */
    public static Medians of(int pairs, Run ours, Run other) throws Exception {
        List<Double> ofOurs = new ArrayList<>();
        List<Double> ofOther = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            if (pair % 2 == 0) {
                ofOurs.add(ours.perSecond());
                ofOther.add(other.perSecond());
            } else {
                ofOther.add(other.perSecond());
                ofOurs.add(ours.perSecond());
            }
        }
        return new Medians(median(ofOurs), median(ofOther));
    }

    /** The middle one; of an even number the lower of the two. */
    public static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((sorted.size() - 1) / 2);
    }
}
