package dev.tidemark.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Two Flink jobs on the same events, side by side: one runs after the other, the order alternates, and the medians are compared.
 *
 * @param benchmark whose target it is
 * @param subject what is compared, for people
 * @param target what ours should reach at least, as a multiple of the other's events per second
 */
record Comparison(String benchmark, String subject, Contender ours, Contender other, String target) {

    Target run(Settings settings, PrintStream figures) throws Exception {
        figures.println(subject);
        if (settings.warmUpSeconds() > 0) {
            FlinkRun.run(ours, settings.workload(), settings.warmUpSeconds());
            FlinkRun.run(other, settings.workload(), settings.warmUpSeconds());
        }
        List<Rate> ofOurs = new ArrayList<>();
        List<Rate> ofOther = new ArrayList<>();
        for (int pair = 0; pair < settings.pairs(); pair++) {
            if (pair % 2 == 0) {
                ofOurs.add(measure(ours, settings, figures));
                ofOther.add(measure(other, settings, figures));
            } else {
                ofOther.add(measure(other, settings, figures));
                ofOurs.add(measure(ours, settings, figures));
            }
        }
        double our = median(ofOurs);
        double their = median(ofOther);
        figures.printf(Locale.ROOT, "  medians: %,.0f against %,.0f events/s%n", our, their);
        return new Target(benchmark, our / their, target);
    }

    private static Rate measure(Contender contender, Settings settings, PrintStream figures) throws Exception {
        Rate rate = FlinkRun.run(contender, settings.workload(), settings.seconds());
        figures.println("  " + contender.label() + ": " + rate);
        return rate;
    }

    /** The middle one; of an even number the lower of the two. */
    private static double median(List<Rate> rates) {
        List<Double> sorted = rates.stream().map(Rate::perSecond).sorted().toList();
        return sorted.get((sorted.size() - 1) / 2);
    }
}
