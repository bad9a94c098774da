package dev.tidemark.benchmarks.stores;

import com.sun.management.OperatingSystemMXBean;
import dev.tidemark.benchmarks.Benchmark;
import dev.tidemark.benchmarks.Settings;
import dev.tidemark.benchmarks.Target;
import dev.tidemark.jobs.FeatureJob;
import dev.tidemark.jobs.kafka.KafkaSources;
import dev.tidemark.stores.OnlineStore;
import dev.tidemark.stores.RedisOnlineStore;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long after an event is given to Kafka its row can be read from Redis, at a steady pace of events. */
final class Freshness implements Benchmark {
    private static final int[] PACES = {1_000, 5_000};
    private static final double WANTED_MILLIS = 50;

    /** How many times as long as the rated part. */
    private static final int WARM_UP = 3;

    private static final OperatingSystemMXBean MACHINE =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    @Override
    public List<Target> run(Settings settings, PrintStream figures) throws Exception {
        figures.println("From the moment an event is given to Kafka until its row is read from Redis");
        List<Target> targets = new ArrayList<>();
        for (int pace : PACES) {
            try (Scene scene = new Scene()) {
                double p99 = p99(settings, figures, scene, pace);
                targets.add(new Target("freshness", WANTED_MILLIS / p99, "1"));
            }
        }
        return targets;
    }

    private static double p99(Settings settings, PrintStream figures, Scene scene, int pace) throws Exception {
        FeatureJob.Connections stores = scene.emptyStores();
        FeatureJob job = new FeatureJob(scene.definitions(), stores, KafkaSources.StartFrom.EARLIEST);
        try (LocalJob running = LocalJob.start(FeatureJob.CHECKPOINT_INTERVAL, job::addTo);
                OnlineStore online = RedisOnlineStore.connect(stores.redis())) {
            Probes probes = new Probes(scene.view(), online);
            PacedEvents events = new PacedEvents(scene.log(), scene.kafka(), settings.workload(), pace, probes);
            // In the first minutes the compiler of the JVM takes more of the machine than the job does.
            measure(events, probes, settings.length().multipliedBy(WARM_UP));
            MACHINE.getCpuLoad();
            List<Double> millis = measure(events, probes, settings.length());
            double p99 = percentile(millis, 0.99);
            figures.printf(
                    Locale.ROOT,
                    "  %,d events/s: p50 %.1f ms, p99 %.1f ms, most %.1f ms (%,d rows looked for, the machine %.0f %% busy)%n",
                    pace,
                    percentile(millis, 0.5),
                    p99,
                    percentile(millis, 1),
                    millis.size(),
                    100 * MACHINE.getCpuLoad());
            return p99;
        }
    }

    private static List<Double> measure(PacedEvents events, Probes probes, Duration length) throws Exception {
        try (Probes.Watch watch = probes.watch()) {
            events.send(length);
            return watch.awaitAll();
        }
    }

    private static double percentile(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }
}
