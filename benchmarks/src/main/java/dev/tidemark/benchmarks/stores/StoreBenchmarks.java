package dev.tidemark.benchmarks.stores;

import dev.tidemark.benchmarks.Benchmark;

/** The benchmarks with real servers. */
public final class StoreBenchmarks {
    private StoreBenchmarks() {}

    public static Benchmark historyWrite() {
        return new HistoryWriting();
    }

    public static Benchmark onlineWrite() {
        return new OnlineWriting();
    }

    public static Benchmark pipeline() {
        return Pipelines::sinks;
    }

    public static Benchmark backfill() {
        return Pipelines::backfill;
    }

    public static Benchmark freshness() {
        return new Freshness();
    }
}
