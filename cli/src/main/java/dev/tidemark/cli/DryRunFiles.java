package dev.tidemark.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.files.DryRunResult;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files that a dry run leaves: a CSV file for each view, and the refused records. */
final class DryRunFiles {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final Map<String, Long> versions;

    /**
     * Files in a directory that exists.
     *
     * @param versions how many versions of each view there are, by its name
     */
    DryRunFiles(Path directory, Map<String, Long> versions) {
        this.directory = directory;
        this.versions = versions;
    }

    /** Writes join keys, valid_from, last_event_time and the features of each row; returns what was written, for a person. */
    String writeRows(FeatureView view, Iterator<DryRunResult.Row> rows) throws IOException {
        String name = versions.getOrDefault(view.name(), 1L) > 1 ? view.id() : view.name();
        Path file = directory.resolve(name + ".csv");
        long written = 0;
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(String.join(",", header(view)) + "\n");
            while (rows.hasNext()) {
                out.write(CsvText.line(fields(rows.next())) + "\n");
                written++;
            }
        }
        return file + ": " + written + " rows";
    }

    /** Writes each refused record with its position and the reason; returns what was written, for a person. */
    String writeRefused(List<DryRunResult.Refused> refused) throws IOException {
        Path file = directory.resolve("refused.jsonl");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (DryRunResult.Refused record : refused) {
                out.write(JSON.writeValueAsString(json(record)) + "\n");
            }
        }
        return file + ": " + refused.size() + " refused records";
    }

    private static List<String> header(FeatureView view) {
        List<String> names = new ArrayList<>(view.entity().keyNames());
        names.add("valid_from");
        names.add("last_event_time");
        view.features().stream().map(Feature::name).forEach(names::add);
        return names;
    }

    private static List<@Nullable Object> fields(DryRunResult.Row row) {
        List<@Nullable Object> fields = new ArrayList<>(row.keys());
        fields.add(CsvText.instant(row.row().validFrom()));
        fields.add(CsvText.instant(row.row().lastEventTime()));
        fields.addAll(row.row().values());
        return fields;
    }

    private static ObjectNode json(DryRunResult.Refused record) {
        ObjectNode json = JSON.createObjectNode();
        json.put("source", record.source());
        json.put("file", record.file().toString());
        json.put("line", record.line());
        json.put("event_time", record.eventTime() == null ? null : CsvText.instant(record.eventTime()));
        json.put("reason", record.reason().spelling());
        json.put("detail", record.detail());
        json.put("record", record.text());
        return json;
    }
}
