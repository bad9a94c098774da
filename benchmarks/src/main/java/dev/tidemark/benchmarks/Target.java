package dev.tidemark.benchmarks;

import java.util.Locale;

/**
 * How a benchmark came out against what was wanted of it.
 *
 * @param ratio how many times as good as the peer; higher is better
 * @param wanted what the ratio should be at least
 */
public record Target(String benchmark, double ratio, String wanted) {
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s ratio=%.2f target=%s", benchmark, ratio, wanted);
    }
}
