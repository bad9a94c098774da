package dev.tidemark.benchmarks;

import java.io.PrintStream;
import java.util.List;

/** Something that can be measured. */
public interface Benchmark {
    /**
     * Measures.
     *
     * @param figures takes what was measured, for people
     * @return one for each target
     */
    List<Target> run(Settings settings, PrintStream figures) throws Exception;
}
