package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.engine.oracle.LogEvent;
import dev.tidemark.engine.oracle.Oracle;
import dev.tidemark.jobs.FeaturePipeline;
import dev.tidemark.jobs.PaymentLog;
import dev.tidemark.jobs.SinkProvider;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.ingest.EventReader;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.record.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

/** The whole pipeline on a Flink in this process, on one log of several partitions that are interleaved in several ways. */
class ShuffledLogTest {
    private static final int PARTITIONS = 4;
    private static final Source SOURCE = TestViews.payments("payments");
    private static final FeatureView CARDS = TestViews.byCard(SOURCE);
    private static final FeatureView MERCHANTS = TestViews.byMerchant(SOURCE);
    private static final Definitions DEFINITIONS = TestViews.definitions(SOURCE, CARDS, MERCHANTS);
    private static final List<LogEvent> LOG = PaymentLog.random(5, 3_000, PARTITIONS, 1_700_000_000_000L);

    @Test
    void historyAndDeadLettersAreTheSameHoweverTheLogIsReadAndByHowMany() throws Exception {
        Collected one = run(1, 1, Duration.ZERO);
        Collected three = run(2, 3, Duration.ZERO);
        Collected bundled = run(3, 2, Duration.ofMillis(20));

        assertThat(one.texts(CARDS)).isEqualTo(texts(Oracle.of(CARDS, LOG)));
        assertThat(one.texts(MERCHANTS)).isEqualTo(texts(Oracle.of(MERCHANTS, LOG)));
        assertThat(one.refused()).hasSize(Oracle.of(CARDS, LOG).late().size()).isNotEmpty();
        assertThat(three).isEqualTo(one);
        assertThat(bundled).isEqualTo(one);
    }

    private static Collected run(long seed, int parallelism, Duration bundle) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings());
        Sinks sinks = new Sinks();
        new FeaturePipeline(
                        DEFINITIONS,
                        (env, source, views) -> records(env, shuffled(seed), views, parallelism),
                        sinks,
                        new ViewOptions(false, true),
                        bundle)
                .addTo(environment);
        environment.execute("shuffled");
        return sinks.collected();
    }

    private static Configuration settings() {
        Configuration settings = new Configuration();
        settings.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        settings.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        return settings;
    }

    private static List<LogEvent> shuffled(long seed) {
        LogReader reader = LogReader.of(LOG, 0);
        Random random = new Random(seed);
        List<LogEvent> result = new ArrayList<>();
        while (!reader.atEnd()) {
            result.add(reader.next(random));
        }
        return result;
    }

    /** The log in this order; each partition is then judged by one of the parallel instances. */
    private static SingleOutputStreamOperator<SourceRecord> records(
            StreamExecutionEnvironment environment, List<LogEvent> log, List<FeatureView> views, int parallelism) {
        EventReader reader = new EventReader(SOURCE, views);
        List<SourceRecord> records = log.stream()
                .map(event -> reader.read(
                        event.partition(),
                        event.offset(),
                        0,
                        PaymentLog.json(event).getBytes(StandardCharsets.UTF_8)))
                .toList();
        return environment
                .fromData(records, SourceRecord.TYPE)
                .setParallelism(1)
                .assignTimestampsAndWatermarks(
                        WatermarkStrategy.<SourceRecord>forGenerator(context -> new LeastOfPartitions()))
                .setParallelism(1)
                .partitionCustom((partition, instances) -> partition % instances, SourceRecord::partition)
                .map(record -> record, SourceRecord.TYPE)
                .setParallelism(parallelism);
    }

    private static SortedMap<String, List<String>> texts(Oracle oracle) {
        SortedMap<String, List<String>> texts = new TreeMap<>();
        oracle.history().forEach((key, rows) -> texts.put(key, FeatureHarness.texts(rows)));
        return texts;
    }

    /** Waits for the slowest partition, and at first for all of them. */
    private static final class LeastOfPartitions implements WatermarkGenerator<SourceRecord> {
        private final Map<Integer, Long> greatestTimes = new HashMap<>();

        @Override
        public void onEvent(SourceRecord record, long timestamp, WatermarkOutput output) {
            greatestTimes.merge(record.partition(), record.time(), Math::max);
            if (greatestTimes.size() == PARTITIONS) {
                long least = greatestTimes.values().stream().min(Long::compare).orElseThrow();
                output.emitWatermark(new Watermark(least - TestViews.LATENESS.toMillis() - 1));
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {}
    }

    private static final class Sinks implements SinkProvider {
        private final Map<String, CollectingSink<RowUpdate>> histories = new HashMap<>();
        private final CollectingSink<DeadLetter> deadLetters = new CollectingSink<>();

        @Override
        public Optional<Sink<RowUpdate>> online(FeatureView view) {
            return Optional.empty();
        }

        @Override
        public Sink<RowUpdate> history(FeatureView view) {
            return histories.computeIfAbsent(view.id(), id -> new CollectingSink<>());
        }

        @Override
        public Sink<DeadLetter> deadLetters(Source source) {
            return deadLetters;
        }

        Collected collected() {
            Map<String, SortedMap<String, SortedMap<Long, String>>> rows = new HashMap<>();
            histories.forEach((view, sink) -> rows.put(view, rows(sink.take())));
            SortedSet<String> refused = new TreeSet<>();
            for (DeadLetter letter : deadLetters.take()) {
                refused.add(letter.partition() + ":" + letter.offset() + " at " + letter.eventTime() + " "
                        + letter.refusal() + " "
                        + (letter.bytes() == null ? "" : HexFormat.of().formatHex(letter.bytes())));
            }
            return new Collected(rows, refused);
        }

        private static SortedMap<String, SortedMap<Long, String>> rows(List<RowUpdate> updates) {
            SortedMap<String, SortedMap<Long, String>> rows = new TreeMap<>();
            for (RowUpdate update : updates) {
                assertThat(rows.computeIfAbsent(update.key(), key -> new TreeMap<>())
                                .put(update.validFrom(), HexFormat.of().formatHex(update.packed())))
                        .as("row of %s from %s before", update.key(), update.validFrom())
                        .isNull();
            }
            return rows;
        }
    }

    /** Rows in hexadecimal digits by view, entity and valid_from, and the refused records with all that is known of them. */
    private record Collected(Map<String, SortedMap<String, SortedMap<Long, String>>> rows, SortedSet<String> refused) {
        SortedMap<String, List<String>> texts(FeatureView view) {
            Function<String, byte[]> unpack = HexFormat.of()::parseHex;
            RowCodec codec = RowCodec.of(view);
            SortedMap<String, List<String>> texts = new TreeMap<>();
            rows.get(view.id())
                    .forEach((key, ofKey) -> texts.put(
                            key,
                            FeatureHarness.texts(ofKey.values().stream()
                                    .map(unpack.andThen(codec::decode))
                                    .toList())));
            return texts;
        }
    }
}
