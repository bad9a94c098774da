package dev.tidemark.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Two Flink jobs on the same events, side by side: one runs after the other, the order alternates, and the medians are compared.
 *
 * @param benchmark whose target it is
 * @param subject what is compared, for people
 * @param longest the longest window of both; before that much event time is over, nothing leaves it
 * @param thinning of so many events a day only one is taken, so that the longest window can fill
 * @param target what ours should reach at least, as a multiple of the other's events per second
 */
record Comparison(
        String benchmark,
        String subject,
        Duration longest,
        int thinning,
        Contender ours,
        Contender other,
        String target) {

    Target run(Settings settings, PrintStream figures) throws Exception {
        Workload workload = settings.workload().thinned(thinning);
        figures.printf(Locale.ROOT, "%s; %,d events a day%n", subject, workload.events());
        if (!settings.warmUp().isZero()) {
            FlinkRun.run(ours, workload, Duration.ZERO, settings.warmUp());
            FlinkRun.run(other, workload, Duration.ZERO, settings.warmUp());
        }
        List<Rate> ofOurs = new ArrayList<>();
        List<Rate> ofOther = new ArrayList<>();
        for (int pair = 0; pair < settings.pairs(); pair++) {
            if (pair % 2 == 0) {
                ofOurs.add(measure(ours, workload, settings, figures));
                ofOther.add(measure(other, workload, settings, figures));
            } else {
                ofOther.add(measure(other, workload, settings, figures));
                ofOurs.add(measure(ours, workload, settings, figures));
            }
        }
        double our = median(ofOurs);
        double their = median(ofOther);
        figures.printf(Locale.ROOT, "  medians: %,.0f against %,.0f events/s%n", our, their);
        return new Target(benchmark, our / their, target);
    }

    private Rate measure(Contender contender, Workload workload, Settings settings, PrintStream figures)
            throws Exception {
        Rate rate = FlinkRun.run(contender, workload, longest, settings.length());
        figures.println("  " + contender.label() + ": " + rate);
        return rate;
    }

    /** The middle one; of an even number the lower of the two. */
    private static double median(List<Rate> rates) {
        List<Double> sorted = rates.stream().map(Rate::perSecond).sorted().toList();
        return sorted.get((sorted.size() - 1) / 2);
    }
}
