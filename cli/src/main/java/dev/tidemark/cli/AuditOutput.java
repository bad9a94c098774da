package dev.tidemark.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.jobs.audit.AuditResult;
import dev.tidemark.jobs.audit.Difference;
import java.io.PrintWriter;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an audit says: each difference, column by column, and the counts; for a person, or as JSON lines. */
final class AuditOutput {
    static final int BEHIND = 3;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NONE = "(no row)";

    private final boolean json;
    private final PrintWriter out;

    private AuditOutput(boolean json, PrintWriter out) {
        this.json = json;
        this.out = out;
    }

    static AuditOutput of(boolean json, PrintWriter out) {
        return new AuditOutput(json, out);
    }

    /** How a command ends that made this audit. */
    static int exitCode(AuditResult result) {
        if (result.mismatches() > 0) {
            return Failures.FAILED;
        }
        return result.pending() > 0 ? BEHIND : 0;
    }

    void difference(List<FeatureView> views, Difference difference) {
        FeatureView view = views.stream()
                .filter(candidate -> candidate.id().equals(difference.view()))
                .findFirst()
                .orElseThrow();
        List<Column> columns = Column.differing(view, difference);
        out.println(json ? object(difference, columns) : text(difference, columns));
        out.flush();
    }

    void result(AuditResult result) {
        if (json) {
            ObjectNode node = JSON.createObjectNode()
                    .put("entities", result.entities())
                    .put("events", result.events())
                    .put("rows", result.rows())
                    .put("mismatches", result.mismatches())
                    .put("unsettled", result.unsettled())
                    .put("pending", result.pending());
            result.offsets()
                    .forEach((topic, offsets) -> node.withObject("/offsets").put(topic, offsets));
            out.println(node);
        } else {
            result.offsets().forEach((topic, offsets) -> out.println("log " + topic + " up to " + offsets));
            out.println("entities=" + result.entities() + " events=" + result.events() + " unsettled="
                    + result.unsettled() + " pending=" + result.pending());
            if (result.pending() > 0) {
                out.println("The job has not written " + result.pending()
                        + " rows that the log calls for. Does it run? Audit again when it has caught up.");
            }
            out.println("rows=" + result.rows() + " mismatches=" + result.mismatches());
        }
        out.flush();
    }

    private static String text(Difference difference, List<Column> columns) {
        StringBuilder text = new StringBuilder();
        text.append(difference.view()).append(' ').append(difference.key());
        text.append(" at ").append(CsvText.instant(difference.validFrom())).append(": ");
        text.append(difference.kind().sentence());
        if (!difference.position().toString().isEmpty()) {
            text.append(" Offsets ").append(difference.position()).append('.');
        }
        String line = "%n  %-24s %-34s %s";
        text.append(String.format(
                Locale.ROOT,
                line,
                "",
                difference.kind().foundIn(),
                difference.kind().expectedBy()));
        for (Column column : columns) {
            text.append(String.format(Locale.ROOT, line, column.name, column.found, column.expected));
        }
        return text.toString();
    }

    private static String object(Difference difference, List<Column> columns) {
        ObjectNode node = JSON.createObjectNode()
                .put("view", difference.view())
                .put("entity", difference.key())
                .put("valid_from", CsvText.instant(difference.validFrom()))
                .put("kind", difference.kind().name().toLowerCase(Locale.ROOT))
                .put("offsets", difference.position().toString());
        for (Column column : columns) {
            node.withObject("/columns")
                    .withObject("/" + column.name.replace("~", "~0").replace("/", "~1"))
                    .put(difference.kind().foundIn(), column.found)
                    .put(difference.kind().expectedBy(), column.expected);
        }
        return node.toString();
    }

    /** A column in which two rows differ, with both values as texts that tell every bit. */
    private record Column(String name, String found, String expected) {
        static List<Column> differing(FeatureView view, Difference difference) {
            List<Column> columns = new java.util.ArrayList<>();
            FeatureRow found = difference.found();
            FeatureRow expected = difference.expected();
            addTimes(columns, found, expected);
            for (int i = 0; i < view.features().size(); i++) {
                if (found == null || expected == null || !same(found, expected, i)) {
                    String name = view.features().get(i).name();
                    columns.add(new Column(name, value(found, i), value(expected, i)));
                }
            }
            return columns;
        }

        private static void addTimes(List<Column> columns, @Nullable FeatureRow found, @Nullable FeatureRow expected) {
            if (found == null || expected == null || found.validFrom() != expected.validFrom()) {
                columns.add(new Column(
                        "valid_from",
                        found == null ? NONE : CsvText.instant(found.validFrom()),
                        expected == null ? NONE : CsvText.instant(expected.validFrom())));
            }
            // Of two rows of which one was read from the history, one does not say when it ends.
            if (found != null && expected != null && found.validUntil() != expected.validUntil()) {
                columns.add(new Column("valid_until", until(found), until(expected)));
            }
            if (found == null || expected == null || found.lastEventTime() != expected.lastEventTime()) {
                columns.add(new Column(
                        "last_event_time",
                        found == null ? NONE : CsvText.instant(found.lastEventTime()),
                        expected == null ? NONE : CsvText.instant(expected.lastEventTime())));
            }
        }

        private static String until(FeatureRow row) {
            return row.validUntil() == FeatureRow.NEVER ? "(not said)" : CsvText.instant(row.validUntil());
        }

        /** By the rule that rows are compared by. */
        private static boolean same(FeatureRow found, FeatureRow expected, int feature) {
            return alone(found, feature).sameContent(alone(expected, feature));
        }

        private static FeatureRow alone(FeatureRow row, int feature) {
            return new FeatureRow(Collections.singletonList(row.values().get(feature)), 0, 0, 0);
        }

        private static String value(@Nullable FeatureRow row, int feature) {
            if (row == null) {
                return NONE;
            }
            Object value = row.values().get(feature);
            return value == null ? "null" : CsvText.field(value);
        }
    }
}
