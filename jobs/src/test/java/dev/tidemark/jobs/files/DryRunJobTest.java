package dev.tidemark.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.engine.oracle.RowText;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.PaymentLog;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.record.RefusalReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DryRunJobTest {
    private static final Source SOURCE = TestViews.payments("payments");
    private static final FeatureView CARDS = TestViews.byCard(SOURCE);
    private static final FeatureView MERCHANTS = TestViews.byMerchant(SOURCE);
    private static final Definitions DEFINITIONS = TestViews.definitions(SOURCE, CARDS, MERCHANTS);
    private static final long START = 1_700_000_000_000L;

    @TempDir
    private Path directory;

    @Test
    void equalsTheOracleOnSeveralFiles() throws Exception {
        List<LogEvent> log = PaymentLog.random(1, 2_000, 3, START);
        Oracle cards = Oracle.of(CARDS, log);
        long last = log.stream().mapToLong(LogEvent::time).max().orElseThrow();

        try (DryRunResult result = DryRunJob.run(DEFINITIONS, Map.of("payments", write(log)), false, 2)) {
            assertThat(texts(result, CARDS)).isEqualTo(texts(cards.historyUntil(last + 1)));
            assertThat(texts(result, MERCHANTS))
                    .isEqualTo(texts(Oracle.of(MERCHANTS, log).historyUntil(last + 1)));
            assertThat(result.refused()).hasSize(cards.late().size()).allSatisfy(refused -> assertThat(refused.reason())
                    .isEqualTo(RefusalReason.LATE));
        }
    }

    @Test
    void drainsToTheLastChangePoint() throws Exception {
        List<LogEvent> log = PaymentLog.random(2, 300, 1, START);

        try (DryRunResult result = DryRunJob.run(DEFINITIONS, Map.of("payments", write(log)), true, 1)) {
            assertThat(texts(result, CARDS))
                    .isEqualTo(texts(Oracle.of(CARDS, log).history()));
        }
    }

    @Test
    void reportsRefusedLinesWithTheirPlace() throws Exception {
        Path file = directory.resolve("events.jsonl");
        Files.writeString(
                file,
                TestViews.payment(START, "c", 1L, "DE", 1) + "\n\n  \r\nnonsense\n"
                        + TestViews.payment(START - 10_001, "c", 1L, "DE", 1) + "\r\n"
                        + TestViews.payment(START, null, 1L, "DE", 1));

        try (DryRunResult result = DryRunJob.run(DEFINITIONS, Map.of("payments", List.of(file)), false, 1)) {
            assertThat(result.refused())
                    .extracting(DryRunResult.Refused::line, DryRunResult.Refused::reason)
                    .containsExactly(
                            tuple(4L, RefusalReason.MALFORMED),
                            tuple(5L, RefusalReason.LATE),
                            tuple(6L, RefusalReason.MISSING_KEY));
            assertThat(result.refused().get(0).text()).isEqualTo("nonsense");
            assertThat(result.refused().get(0).file()).isEqualTo(file);
            assertThat(result.refused().get(1).eventTime()).isEqualTo(START - 10_001);
        }
    }

    @Test
    void namesEveryFileAndSourceThatIsNotThere() {
        Path missing = directory.resolve("missing.jsonl");

        assertThatThrownBy(() -> DryRunJob.run(
                        DEFINITIONS, Map.of("payments", List.of(missing), "others", List.of(missing)), false, 1))
                .isInstanceOf(JobSetupException.class)
                .hasMessageContaining("There is no source others. The definitions have: payments.")
                .hasMessageContaining("missing.jsonl of source payments does not exist");
    }

    @Test
    void saysWhichFileIsDamaged() throws Exception {
        Path file = directory.resolve("damaged.jsonl.gz");
        byte[] whole = gzip(PaymentLog.json(PaymentLog.random(4, 1, 1, START).get(0)));
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> DryRunJob.run(DEFINITIONS, Map.of("payments", List.of(file)), false, 1))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Could not read " + file);
    }

    @Test
    void takesAnEmptyFileAndLeavesNone() throws Exception {
        Path file = Files.createFile(directory.resolve("empty.jsonl"));
        DryRunResult result = DryRunJob.run(DEFINITIONS, Map.of("payments", List.of(file)), false, 1);
        Path spill = result.directory();
        assertThat(spill).isDirectory();
        assertThat(result.rows(CARDS)).isExhausted();
        assertThat(result.refused()).isEmpty();

        result.close();

        assertThat(spill).doesNotExist();
    }

    /** Writes each partition into a file, every second one gzipped. */
    private List<Path> write(List<LogEvent> log) throws IOException {
        Map<Integer, StringBuilder> texts = new LinkedHashMap<>();
        log.stream().sorted(Comparator.comparingInt(LogEvent::partition)).forEach(event -> texts.computeIfAbsent(
                        event.partition(), partition -> new StringBuilder())
                .append(PaymentLog.json(event))
                .append('\n'));
        List<Path> files = new ArrayList<>();
        for (Map.Entry<Integer, StringBuilder> text : texts.entrySet()) {
            boolean plain = text.getKey() % 2 == 0;
            Path file = directory.resolve("part-" + text.getKey() + (plain ? ".jsonl" : ".jsonl.gz"));
            String content = text.getValue().toString();
            Files.write(file, plain ? content.getBytes(StandardCharsets.UTF_8) : gzip(content));
            files.add(file);
        }
        return files;
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static Map<String, List<String>> texts(DryRunResult result, FeatureView view) throws IOException {
        Map<String, List<FeatureRow>> rows = new LinkedHashMap<>();
        for (Iterator<DryRunResult.Row> all = result.rows(view); all.hasNext(); ) {
            DryRunResult.Row row = all.next();
            rows.computeIfAbsent(JoinKeys.encode(view.entity(), row.keys()), key -> new ArrayList<>())
                    .add(row.row());
        }
        return texts(rows);
    }

    private static Map<String, List<String>> texts(Map<String, List<FeatureRow>> rows) {
        Map<String, List<String>> texts = new LinkedHashMap<>();
        rows.forEach((key, ofKey) -> texts.put(key, RowText.ofSettled(ofKey)));
        return texts;
    }
}
