package dev.tidemark.benchmarks;

import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The events that all peers get, without end: at an even pace and in order, with keys distributed by Zipf's law (exponent 1, so that
 * of 10,000 keys the first gets a tenth of the events), but for a share of them that one key gets. An event is a pure function of
 * its number.
 *
 * @param events how many a day of event time has
 * @param keys how many keys there are
 * @param hot which share of the events the first key gets before all are drawn by Zipf's law, from 0 to 1
 */
public record Workload(long events, int keys, double hot) implements Serializable {
    /** After how many events their values repeat. */
    static final int VALUES = 1 << 16;

    private static final double DAY = Duration.ofDays(1).toMillis();

    /** The beginning of a day, 2026-01-01T00:00:00Z. */
    private static final long START = 1_767_225_600_000L;

    private static final int DRAWS = 1 << 18;

    /** One whose keys all follow Zipf's law. */
    public Workload(long events, int keys) {
        this(events, keys, 0);
    }

    /** The same with only one of so many events a day, but at least one. */
    Workload thinned(int times) {
        return new Workload(Math.max(1, events / times), keys, hot);
    }

    /** The same with so many times as many events a day, of which one key gets a share. */
    Workload rush(int times, double share) {
        return new Workload(events * times, keys, share);
    }

    /** The event time of an event, epoch milliseconds. */
    public long time(long number) {
        return START + (long) (number * (DAY / events));
    }

    /** How many events there are before an instant, epoch milliseconds. */
    long before(long instant) {
        if (instant <= START) {
            return 0;
        }
        long number = (long) ((instant - START) * (events / DAY)); // But for rounding.
        while (time(number) < instant) {
            number++;
        }
        while (time(number - 1) >= instant) {
            number--;
        }
        return number;
    }

    /** How much event time a number of events covers. */
    Duration span(long number) {
        return Duration.ofMillis(time(number) - START);
    }

    /** How many events some event time has. */
    long count(Duration span) {
        return before(START + span.toMillis());
    }

    /** The text of a key. */
    public static String key(int key) {
        return "key-" + key;
    }

    /** A value with two decimals in [0, 1000). */
    public static double amount(long number) {
        return Math.floorMod(mix(number % VALUES), 100_000) / 100.0;
    }

    /** A whole number in [0, 1000). */
    public static long quantity(long number) {
        return Math.floorMod(mix(~(number % VALUES)), 1000);
    }

    /** The keys, from 0 on, of the events in their order; of as many as the array has, and then from the start again. */
    public int[] drawKeys() {
        double[] cumulative = new double[keys];
        double sum = 0;
        for (int i = 0; i < keys; i++) {
            sum += 1.0 / (i + 1);
            cumulative[i] = sum;
        }
        SplittableRandom random = new SplittableRandom(17);
        int[] draws = new int[DRAWS];
        for (int i = 0; i < draws.length; i++) {
            boolean isHot = hot > 0 && random.nextDouble() < hot;
            int found = Arrays.binarySearch(cumulative, isHot ? 0 : random.nextDouble() * sum);
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
