package dev.tidemark.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.defs.Source;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.RefusalReason;
import dev.tidemark.jobs.record.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.tuple.Tuple6;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;

class IngestFunctionTest {
    private static final Source SOURCE = TestViews.payments("payments");
    private static final OutputTag<KeyedEvent> CARDS = new OutputTag<>("cards", KeyedEvent.TYPE);
    private static final long START = 1_700_000_000_000L;
    private static final long LATENESS = TestViews.LATENESS.toMillis();

    private final EventReader reader = new EventReader(SOURCE, List.of(TestViews.byCard(SOURCE)));

    @Test
    void sendsEventsToTheirViewsAndTheRestToTheDeadLetters() throws Exception {
        try (OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness = harness(1, 0)) {
            harness.open();
            harness.processElement(record(0, 1, START));
            harness.processElement(record(0, 2, START - LATENESS));
            harness.processElement(record(0, 3, START - LATENESS - 1));
            harness.processElement(new StreamRecord<>(reader.read(0, 4, 0, new byte[] {'x'})));

            assertThat(events(harness)).extracting(KeyedEvent::offset).containsExactly(1L, 2L);
            assertThat(harness.extractOutputValues())
                    .extracting(letter -> letter.refusal().reason(), DeadLetter::offset)
                    .containsExactly(tuple(RefusalReason.LATE, 3L), tuple(RefusalReason.MALFORMED, 4L));
            assertThat(harness.extractOutputValues().get(0).refusal().detail())
                    .contains("10001 ms behind", "allows 10000 ms");
            assertThat(harness.extractOutputValues().get(0).bytes()).isNotEmpty();
        }
    }

    @Test
    void refusedRecordsMakeNobodyLate() throws Exception {
        try (OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness = harness(1, 0)) {
            harness.open();
            harness.processElement(record(0, 1, START));
            String keyless = TestViews.payment(START + 86_400_000, null, 1L, "DE", 1);
            harness.processElement(new StreamRecord<>(reader.read(0, 2, 0, keyless.getBytes(StandardCharsets.UTF_8))));
            harness.processElement(record(0, 3, START));

            assertThat(events(harness)).extracting(KeyedEvent::offset).containsExactly(1L, 3L);
        }
    }

    @Test
    void judgesAfterARestoreAsBefore() throws Exception {
        OperatorSubtaskState snapshot;
        try (OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness = harness(1, 0)) {
            harness.open();
            harness.processElement(record(0, 1, START));
            snapshot = harness.snapshot(1, 1);
        }
        try (OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness = harness(1, 0)) {
            harness.initializeState(snapshot);
            harness.open();
            harness.processElement(record(0, 2, START - LATENESS - 1));

            assertThat(harness.extractOutputValues()).hasSize(1);
        }
    }

    @Test
    void judgesAfterARescaleAsBeforeWhoeverGetsThePartition() throws Exception {
        OperatorSubtaskState first = snapshotOf(2, 0, record(0, 1, START));
        OperatorSubtaskState second = snapshotOf(2, 1, record(1, 1, START + 1_000_000));
        OperatorSubtaskState packed = AbstractStreamOperatorTestHarness.repackageState(first, second);

        for (int instance = 0; instance < 3; instance++) {
            OperatorSubtaskState part =
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(packed, 3, 2, 3, instance);
            try (OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness = harness(3, instance)) {
                harness.initializeState(part);
                harness.open();
                harness.processElement(record(0, 2, START - LATENESS - 1));
                harness.processElement(record(0, 3, START - LATENESS));
                harness.processElement(record(1, 2, START));

                assertThat(events(harness)).extracting(KeyedEvent::offset).containsExactly(3L);
                assertThat(harness.extractOutputValues()).hasSize(2);
            }
        }
    }

    @Test
    void remembersTheLeapOverARestart() throws Exception {
        OperatorSubtaskState snapshot;
        try (OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness = harness(1, 0)) {
            harness.open();
            harness.processElement(record(0, 1, START));
            harness.processElement(record(0, 2, START + 86_400_000));
            harness.processElement(record(0, 3, START + 86_400_001));
            snapshot = harness.snapshot(1, 1);
        }
        try (OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness = harness(1, 0)) {
            harness.initializeState(snapshot);
            harness.open();
            List<Tuple6<String, Integer, Long, Long, Long, Long>> leaps = leaps(harness);

            assertThat(leaps)
                    .contains(Tuple6.of(SOURCE.topic(), 0, 2L, START, START + 86_400_000, 1L))
                    .hasSize(2);
        }
    }

    @Test
    void readsTheStateOfReleasesThatKnewNoLeaps() throws Exception {
        OperatorSubtaskState old;
        try (OneInputStreamOperatorTestHarness<SourceRecord, SourceRecord> harness =
                new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(new GreatestOnly()))) {
            harness.setup(SourceRecord.TYPE.createSerializer(
                    harness.getExecutionConfig().getSerializerConfig()));
            harness.open();
            old = harness.snapshot(1, 1);
        }
        try (OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness = harness(1, 0)) {
            harness.initializeState(old);
            harness.open();
            harness.processElement(record(0, 2, START - LATENESS - 1));

            assertThat(leaps(harness)).isEmpty();
            assertThat(harness.extractOutputValues()).hasSize(1);
        }
    }

    private static List<Tuple6<String, Integer, Long, Long, Long, Long>> leaps(
            OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness) throws Exception {
        List<Tuple6<String, Integer, Long, Long, Long, Long>> leaps = new ArrayList<>();
        harness.snapshot(2, 2);
        AbstractStreamOperator<?> operator = (AbstractStreamOperator<?>) harness.getOperator();
        operator.getOperatorStateBackend()
                .getUnionListState(IngestFunction.LEAPS)
                .get()
                .forEach(leaps::add);
        return leaps;
    }

    /** Keeps what the first releases kept. */
    private static final class GreatestOnly extends ProcessFunction<SourceRecord, SourceRecord>
            implements CheckpointedFunction {
        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            context.getOperatorStateStore()
                    .getUnionListState(IngestFunction.GREATEST)
                    .add(Tuple3.of(SOURCE.topic(), 0, START));
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) {}

        @Override
        public void processElement(SourceRecord record, Context context, Collector<SourceRecord> out) {}
    }

    private OperatorSubtaskState snapshotOf(int parallelism, int instance, StreamRecord<SourceRecord> record)
            throws Exception {
        try (OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness = harness(parallelism, instance)) {
            harness.open();
            harness.processElement(record);
            return harness.snapshot(1, 1);
        }
    }

    private static OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness(int parallelism, int instance)
            throws Exception {
        OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness = new OneInputStreamOperatorTestHarness<>(
                new ProcessOperator<>(new IngestFunction(SOURCE, List.of(CARDS))), 3, parallelism, instance);
        harness.setup(
                DeadLetter.TYPE.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        return harness;
    }

    private StreamRecord<SourceRecord> record(int partition, long offset, long time) {
        byte[] json = TestViews.payment(time, "c", 1L, "DE", 1).getBytes(StandardCharsets.UTF_8);
        return new StreamRecord<>(reader.read(partition, offset, 0, json), time);
    }

    private static List<KeyedEvent> events(OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness) {
        Queue<StreamRecord<KeyedEvent>> events = harness.getSideOutput(CARDS);
        return events == null
                ? List.of()
                : events.stream().map(StreamRecord::getValue).toList();
    }
}
