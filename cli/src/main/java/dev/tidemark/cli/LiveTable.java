package dev.tidemark.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** The demo's figures: redrawn in place on a terminal, a line now and then elsewhere. */
final class LiveTable {
    private static final int LINES_BETWEEN_PRINTS = 5;

    private final PrintWriter out;
    private final boolean terminal;
    private int drawn;
    private int updates;
    private long lastEvents;
    private long lastNanos = System.nanoTime();

    LiveTable(PrintWriter out) {
        this.out = out;
        this.terminal = System.console() != null && !"dumb".equals(System.getenv("TERM"));
    }

    /** Shows a status; to be called about once a second. */
    void show(DemoStatus status) {
        double rate = rate(status);
        if (terminal) {
            redraw(rows(status, rate));
        } else if (updates++ % LINES_BETWEEN_PRINTS == 0) {
            out.println(String.join(
                    "  ",
                    rows(status, rate).stream()
                            .map(row -> row.label + ": " + row.value)
                            .toList()));
        }
        out.flush();
    }

    /** Leaves what is drawn where it is, for other text follows: the next table is drawn below that. */
    void leave() {
        drawn = 0;
    }

    private void redraw(List<Row> rows) {
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A");
        }
        for (Row row : rows) {
            out.printf(Locale.ROOT, "\u001b[2K  %-22s %s%n", row.label, row.value);
        }
        drawn = rows.size();
    }

    private static List<Row> rows(DemoStatus status, double rate) {
        return List.of(
                new Row("events", count(status.events())),
                new Row("events/s", count(Math.round(rate))),
                new Row("rows in Postgres", count(status.historyRows())),
                new Row("rows in Redis", count(status.onlineKeys())),
                new Row("freshness p50 / p99", millis(status.freshnessP50()) + " / " + millis(status.freshnessP99())),
                new Row(
                        "settled until",
                        status.settled().isPresent()
                                ? CsvText.instant(status.settled().getAsLong())
                                : "-"),
                new Row("dead letters", count(status.deadLetters())));
    }

    private double rate(DemoStatus status) {
        long now = System.nanoTime();
        double rate = (status.events() - lastEvents) * 1e9 / Math.max(1, now - lastNanos);
        lastEvents = status.events();
        lastNanos = now;
        return rate;
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String millis(OptionalLong millis) {
        return millis.isPresent() ? millis.getAsLong() + " ms" : "-";
    }

    private record Row(String label, String value) {}
}
