package dev.tidemark.benchmarks;

import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The events that all peers get: 24 hours of event time at an even pace and in order, with keys distributed by Zipf's law (exponent
 * 1, so that of 10,000 keys the first gets a tenth of the events). An event is a pure function of its number.
 *
 * @param events how many there are; their pace follows from it
 * @param keys how many keys there are
 */
record Workload(long events, int keys) implements Serializable {
    static final Duration SPAN = Duration.ofHours(24);

    /** A whole day, 2026-01-01T00:00:00Z. */
    private static final long START = 1_767_225_600_000L;

    private static final int DRAWS = 1 << 18;

    /** The event time of an event, epoch milliseconds. Numbers at or above {@link #events} go on at the same pace. */
    long time(long number) {
        return START + (long) (number * ((double) SPAN.toMillis() / events));
    }

    /** A value with two decimals in [0, 1000). */
    static double amount(long number) {
        return Math.floorMod(mix(number), 100_000) / 100.0;
    }

    /** A whole number in [0, 1000). */
    static long quantity(long number) {
        return Math.floorMod(mix(~number), 1000);
    }

    /** The keys, from 0 on, of the events in their order; of as many as the array has, and then from the start again. */
    int[] drawKeys() {
        double[] cumulative = new double[keys];
        double sum = 0;
        for (int i = 0; i < keys; i++) {
            sum += 1.0 / (i + 1);
            cumulative[i] = sum;
        }
        SplittableRandom random = new SplittableRandom(17);
        int[] draws = new int[DRAWS];
        for (int i = 0; i < draws.length; i++) {
            int found = Arrays.binarySearch(cumulative, random.nextDouble() * sum);
            draws[i] = Math.min(found < 0 ? -found - 1 : found, keys - 1);
        }
        return draws;
    }

    /** The finishing step of SplitMix64. */
    private static long mix(long number) {
        long mixed = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
