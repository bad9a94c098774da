package dev.tidemark.defs;

import java.time.Duration;
import java.util.List;

/** The step of a window that does not name one. The table is part of what a value means; it never changes. */
final class DefaultSteps {
    static final Duration EXACT = Duration.ofMillis(1);

    private static final List<Row> TABLE = List.of(
            new Row(Duration.ofMinutes(2).minusMillis(1), Duration.ofSeconds(1)),
            new Row(Duration.ofHours(1), Duration.ofSeconds(10)),
            new Row(Duration.ofDays(1), Duration.ofMinutes(5)),
            new Row(Duration.ofDays(7), Duration.ofMinutes(30)),
            new Row(Duration.ofDays(30), Duration.ofHours(2)));

    private DefaultSteps() {}

    /** Windows of up to {@code longest}, and longer than the row above. */
    private record Row(Duration longest, Duration step) {}

    static Duration of(Duration length) {
        if (length.compareTo(Duration.ofSeconds(10)) < 0) {
            return EXACT;
        }
        return TABLE.stream()
                .filter(row -> length.compareTo(row.longest()) <= 0)
                .findFirst()
                .map(Row::step)
                .orElse(Duration.ofHours(6));
    }
}
