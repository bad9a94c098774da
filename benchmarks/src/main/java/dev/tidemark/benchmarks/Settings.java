package dev.tidemark.benchmarks;

import java.time.Duration;

/**
 * How thoroughly to measure.
 *
 * @param length after which a run is ended and rated by what it did; as much time is given before for filling the windows
 * @param pairs how many times the two peers run, one after the other; their order alternates
 * @param warmUp the length of one run of each peer before, which does not count; zero for none
 * @param workload what the peers are given
 */
public record Settings(Duration length, int pairs, Duration warmUp, Workload workload) {}
