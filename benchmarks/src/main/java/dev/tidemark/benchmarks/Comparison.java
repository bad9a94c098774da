package dev.tidemark.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Two Flink jobs on the same events, side by side: one runs after the other, the order alternates, and the medians are compared.
 *
 * @param benchmark whose target it is
 * @param subject what is compared, for people
 * @param longest the longest window of both; before that much event time is over, nothing leaves it
 * @param shape makes of the events that were asked for those that suit the comparison
 * @param target what ours should reach at least, as a multiple of the other's events per second
 */
record Comparison(
        String benchmark,
        String subject,
        Duration longest,
        UnaryOperator<Workload> shape,
        Contender ours,
        Contender other,
        String target) {

    Target run(Settings settings, PrintStream figures) throws Exception {
        Workload workload = shape.apply(settings.workload());
        figures.printf(Locale.ROOT, "%s; %,d events a day%n", subject, workload.events());
        if (!settings.warmUp().isZero()) {
            FlinkRun.run(ours, workload, Duration.ZERO, settings.warmUp());
            FlinkRun.run(other, workload, Duration.ZERO, settings.warmUp());
        }
        Turns.Medians medians = Turns.of(
                settings.pairs(),
                () -> measure(ours, workload, settings, figures),
                () -> measure(other, workload, settings, figures));
        figures.printf(Locale.ROOT, "  medians: %,.0f against %,.0f events/s%n", medians.ours(), medians.other());
        return new Target(benchmark, medians.ratio(), target);
    }

    private double measure(Contender contender, Workload workload, Settings settings, PrintStream figures)
            throws Exception {
        Rate rate = FlinkRun.run(contender, workload, longest, settings.length());
        figures.println("  " + contender.label() + ": " + rate);
        return rate.perSecond();
    }
}
