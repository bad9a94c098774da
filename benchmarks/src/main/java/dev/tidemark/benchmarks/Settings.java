package dev.tidemark.benchmarks;

/**
 * How thoroughly to measure.
 *
 * @param seconds after which a run is ended and rated by what it did
 * @param pairs how many times the two peers run, one after the other; their order alternates
 * @param warmUpSeconds of one run of each peer before, which does not count; 0 for none
 * @param workload what the peers are given
 */
record Settings(int seconds, int pairs, int warmUpSeconds, Workload workload) {}
