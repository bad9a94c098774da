package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.engine.ValueOrder;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that a dry run writes, compared with the oracle's rows line by line. */
final class DryRunIT {
    private static final Path EXAMPLES = Path.of("..", "feature-defs", "examples");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path out;

    @Test
    void paymentsInTwoPartitionsAreTheOraclesRows() throws Exception {
        PaymentsLog log = new PaymentsLog(
                2, 3_000, Instant.parse("2026-01-02T03:04:05.678Z").toEpochMilli());
        List<Path> files = log.write(out);
        run(false, "payments", "payments", files);
        for (FeatureView view : views("payments")) {
            assertThat(lines(view)).isEqualTo(expected(view, log.readable(), false));
        }
        assertThat(refused(files)).isEqualTo(log.refused());
    }

    @Test
    void drainedPaymentsEndEmpty() throws Exception {
        PaymentsLog log = new PaymentsLog(
                1, 500, Instant.parse("2026-01-02T03:04:05.678Z").toEpochMilli());
        run(true, "payments", "payments", log.write(out));
        for (FeatureView view : views("payments")) {
            assertThat(lines(view)).isEqualTo(expected(view, log.readable(), true));
        }
    }

    @Test
    void editsOfWikipediaAreTheOraclesRows() throws Exception {
        Path edits = Path.of("..", "..", "shared", "data", "wiki-edits.jsonl.gz");
        if (!Files.exists(edits)) {
            // The file is not part of this repository; a small piece of the same shape is.
            edits = Path.of("src", "test", "resources", "wiki-edits-sample.jsonl");
        }
        run(false, "wiki", "edits", List.of(edits));
        List<LogEvent> log = wikiLog(edits);
        for (FeatureView view : views("wiki")) {
            assertThat(lines(view)).isEqualTo(expected(view, log, false));
        }
    }

    private void run(boolean drain, String example, String source, List<Path> files) {
        List<String> arguments = new ArrayList<>(
                List.of("dry-run", "--defs", EXAMPLES.resolve(example).toString(), "--out", out.toString()));
        files.forEach(file -> arguments.addAll(List.of("--events", source + "=" + file)));
        if (drain) {
            arguments.add("--drain");
        }
        assertThat(Tidemark.commandLine().execute(arguments.toArray(String[]::new)))
                .isZero();
    }

    private static List<FeatureView> views(String example) throws Exception {
        return DefinitionReader.readDirectory(EXAMPLES.resolve(example)).views();
    }

    private List<String> lines(FeatureView view) throws IOException {
        List<String> lines = Files.readAllLines(out.resolve(view.name() + ".csv"));
        return lines.subList(1, lines.size());
    }

    private static List<String> expected(FeatureView view, List<LogEvent> log, boolean drain) {
        Oracle oracle = Oracle.of(view, log);
        long end = log.stream().mapToLong(LogEvent::time).max().orElseThrow() + 1;
        List<String> lines = new ArrayList<>();
        oracle.keys().stream()
                .sorted(Comparator.comparing(key -> JoinKeys.decode(view.entity(), key), DryRunIT::compare))
                .forEach(key -> {
                    for (FeatureRow row : oracle.history(key)) {
                        if (drain || row.validFrom() <= end) {
                            List<Object> fields = new ArrayList<>(JoinKeys.decode(view.entity(), key));
                            fields.add(CsvText.instant(row.validFrom()));
                            fields.add(CsvText.instant(row.lastEventTime()));
                            fields.addAll(row.values());
                            lines.add(CsvText.line(fields));
                        }
                    }
                });
        return lines;
    }

    private static int compare(List<Object> a, List<Object> b) {
        for (int i = 0; i < a.size(); i++) {
            int order = ValueOrder.compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private Map<String, String> refused(List<Path> files) throws IOException {
        Map<String, String> refused = new LinkedHashMap<>();
        for (String line : Files.readAllLines(out.resolve("refused.jsonl"))) {
            JsonNode record = JSON.readTree(line);
            int partition = files.indexOf(Path.of(record.get("file").asText()));
            refused.put(
                    partition + ":" + (record.get("line").asLong() - 1),
                    record.get("reason").asText());
        }
        return refused;
    }

    private static List<LogEvent> wikiLog(Path file) throws IOException {
        List<LogEvent> log = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                file.toString().endsWith(".gz")
                        ? new GZIPInputStream(Files.newInputStream(file))
                        : Files.newInputStream(file),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode edit = JSON.readTree(line);
                Map<String, Object> columns = new LinkedHashMap<>();
                edit.properties().forEach(field -> columns.put(field.getKey(), plain(field.getValue())));
                Instant time = Instant.parse(edit.get("time").textValue());
                columns.put("time", time);
                log.add(new LogEvent(0, log.size(), time.toEpochMilli(), columns));
            }
        }
        return log;
    }

    private static Object plain(JsonNode value) {
        if (value.isTextual()) {
            return value.textValue();
        } else if (value.isBoolean()) {
            return value.booleanValue();
        }
        return value.isNull() ? null : (Object) value.longValue();
    }
}
