package dev.tidemark.jobs.files;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.FeaturePipeline;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.SinkProvider;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.record.SourceRecord;
import dev.tidemark.jobs.view.ViewOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Runs the pipeline on files, in this process. */
public final class DryRunJob {
    private final Definitions definitions;
    private final Map<String, List<Path>> files;
    private final Path directory;

    private DryRunJob(Definitions definitions, Map<String, List<Path>> files, Path directory) {
        this.definitions = definitions;
        this.files = files;
        this.directory = directory;
    }

    /**
     * Computes the views whose sources have files, and returns when all files have been read.
     *
     * @param files by the name of the source: one JSON object a line, plain or gzipped; several files are the source's partitions, in their order
     * @param drain whether to go on to the last change point after the last event
     * @param parallelism how many threads compute each view
     * @throws JobSetupException if a source or file does not exist, or the definitions ask for what cannot be done yet; it lists every problem
     * @throws IOException if a file cannot be read, or the temporary files cannot be written
     */
    public static DryRunResult run(
            Definitions definitions, Map<String, List<Path>> files, boolean drain, int parallelism)
            throws JobSetupException, IOException {
        DryRunCheck.check(definitions, files);
        ScratchDirectory scratch = ScratchDirectory.create("tidemark-dry-run");
        try {
            DryRunJob job = new DryRunJob(onlyOf(definitions, files), files, scratch.path());
            job.execute(drain, parallelism);
            return new DryRunResult(scratch, job.definitions.views(), job.refused());
        } catch (JobSetupException | IOException | RuntimeException e) {
            scratch.close();
            throw e;
        }
    }

    private static Definitions onlyOf(Definitions all, Map<String, List<Path>> files) {
        List<Source> sources = all.sources().stream()
                .filter(source -> files.containsKey(source.name()))
                .toList();
        List<FeatureView> views = all.views().stream()
                .filter(view -> files.containsKey(view.source().name()))
                .toList();
        return new Definitions(sources, all.entities(), views, List.of(), all.documents());
    }

    private void execute(boolean drain, int parallelism) throws JobSetupException, IOException {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings());
        new FeaturePipeline(definitions, this::records, new Spill(), new ViewOptions(false, drain)).addTo(environment);
        try {
            environment.execute("tidemark-dry-run");
        } catch (Exception e) {
            throw failure(e);
        }
    }

    private SingleOutputStreamOperator<SourceRecord> records(
            StreamExecutionEnvironment environment, Source source, List<FeatureView> views) {
        JsonlFileSource lines = new JsonlFileSource(source, views, files.getOrDefault(source.name(), List.of()));
        // The reader itself says how far event time has come.
        return environment
                .fromSource(lines, WatermarkStrategy.noWatermarks(), "source", SourceRecord.TYPE)
                .setParallelism(1);
    }

    private Configuration settings() throws IOException {
        Configuration settings = new Configuration();
        settings.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        // So that all of it goes with the rest.
        settings.set(
                CoreOptions.TMP_DIRS,
                Files.createDirectory(directory.resolve("flink")).toString());
        settings.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        return settings;
    }

    private List<DryRunResult.Refused> refused() throws IOException {
        List<DryRunResult.Refused> all = new ArrayList<>();
        for (Source source : definitions.sources()) {
            List<DeadLetter> letters = SpillFiles.read(directory, refusedOf(source), DeadLetter.TYPE);
            letters.sort(Comparator.comparingInt(DeadLetter::partition).thenComparingLong(DeadLetter::offset));
            for (DeadLetter letter : letters) {
                all.add(refused(source, letter));
            }
        }
        return all;
    }

    private DryRunResult.Refused refused(Source source, DeadLetter letter) {
        byte[] bytes = letter.bytes();
        return new DryRunResult.Refused(
                source.name(),
                files.getOrDefault(source.name(), List.of()).get(letter.partition()),
                letter.offset() + 1,
                letter.eventTime(),
                letter.refusal().reason(),
                letter.refusal().detail(),
                bytes == null ? null : new String(bytes, StandardCharsets.UTF_8));
    }

    private static String refusedOf(Source source) {
        return "refused-" + source.name();
    }

    /** Flink wraps what went wrong in several layers; a file that cannot be read is all that the caller can do anything about. */
    private static IOException failure(Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
            if (cause instanceof IOException io
                    && cause.getMessage() != null
                    && cause.getMessage().startsWith("Could not read ")) {
                return io;
            }
        }
        return new IOException("The dry run failed: " + cause, e);
    }

    private final class Spill implements SinkProvider {
        @Override
        public Optional<Sink<RowUpdate>> online(FeatureView view) {
            return Optional.empty();
        }

        @Override
        public Sink<RowUpdate> history(FeatureView view) {
            return new SpillSink<>(directory, DryRunResult.rowsOf(view), RowUpdate.TYPE);
        }

        @Override
        public Sink<DeadLetter> deadLetters(Source source) {
            return new SpillSink<>(directory, refusedOf(source), DeadLetter.TYPE);
        }
    }
}
