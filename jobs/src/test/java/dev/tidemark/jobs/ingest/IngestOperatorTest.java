package dev.tidemark.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Source;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.io.network.partition.MockResultPartitionWriter;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;

/** What the views are told of how far the log was read, and when. */
class IngestOperatorTest {
    private static final Source SOURCE = TestViews.payments("payments");
    private static final OutputTag<KeyedEvent> CARDS = new OutputTag<>("cards", KeyedEvent.TYPE);
    private static final long START = 1_700_000_000_000L;
    private static final long LATENESS = TestViews.LATENESS.toMillis();

    private final EventReader reader = new EventReader(SOURCE, List.of(TestViews.byCard(SOURCE)));

    @Test
    void tellsOfEveryRecordWhateverBecameOfIt() throws Exception {
        try (OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness = harness(List.of(CARDS))) {
            harness.open();
            harness.setProcessingTime(IngestOperator.INTERVAL);
            assertThat(out(harness)).as("that it is there").containsExactly("");

            harness.processElement(payment(0, 7, START));
            harness.processElement(payment(0, 8, START - LATENESS - 1));
            harness.processElement(new StreamRecord<>(reader.read(1, 3, 0, new byte[] {'x'})));
            harness.setProcessingTime(2 * IngestOperator.INTERVAL - 1);
            assertThat(out(harness)).containsExactly("", "[\"c\"]");

            harness.setProcessingTime(2 * IngestOperator.INTERVAL);
            assertThat(out(harness)).containsExactly("", "[\"c\"]", "0:8,1:3");
            harness.setProcessingTime(10 * IngestOperator.INTERVAL);
            assertThat(out(harness)).as("nothing new").hasSize(3);
        }
    }

    @Test
    void tellsAfterARestoreOfWhatWasReadBefore() throws Exception {
        OperatorSubtaskState snapshot;
        try (OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness = harness(List.of(CARDS))) {
            harness.open();
            harness.processElement(payment(0, 7, START));
            harness.processElement(payment(2, 4, START));
            snapshot = harness.snapshot(1, 1);
        }
        try (OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness = harness(List.of(CARDS))) {
            harness.initializeState(snapshot);
            harness.open();
            harness.setProcessingTime(IngestOperator.INTERVAL);
            assertThat(out(harness)).containsExactly("0:7,2:4");

            harness.processElement(payment(2, 5, START));
            harness.setProcessingTime(3 * IngestOperator.INTERVAL);
            assertThat(out(harness)).endsWith("0:7,2:5");
        }
    }

    @Test
    void neverSendsTwoFrontiersUnderOneKey() throws Exception {
        try (OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness = harness(List.of(CARDS))) {
            harness.open();
            for (int i = 1; i < 10; i++) {
                harness.processElement(payment(0, i, START));
                harness.setProcessingTime(i * 2 * IngestOperator.INTERVAL);
            }
            assertThat(events(harness).stream().filter(KeyedEvent::isFrontier).map(KeyedEvent::key))
                    .hasSize(9)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void tellsEveryInstanceByTheKeyGroupsOfTheRunningJob() throws Exception {
        int instances = 100;
        int groups = 128; // Of the savepoint; a job that begins with so many instances has 256.
        try (OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness = harness(List.of(CARDS))) {
            harness.getEnvironment().addOutputs(List.of(new Writer(1, 512), new Writer(instances, groups)));
            harness.open();
            harness.setProcessingTime(IngestOperator.INTERVAL);
            assertThat(events(harness).stream()
                            .map(frontier -> KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                    frontier.key(), groups, instances))
                            .distinct())
                    .hasSize(instances);
        }
    }

    @Test
    void tellsNobodyWhoDoesNotFollow() throws Exception {
        try (OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness = harness(List.of())) {
            harness.open();
            harness.processElement(payment(0, 7, START));
            harness.setProcessingTime(10 * IngestOperator.INTERVAL);

            assertThat(out(harness)).containsExactly("[\"c\"]");
        }
    }

    private static OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness(
            List<OutputTag<KeyedEvent>> followers) throws Exception {
        OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness =
                new OneInputStreamOperatorTestHarness<>(new IngestOperator(SOURCE, List.of(CARDS), followers));
        harness.setup(
                DeadLetter.TYPE.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        return harness;
    }

    private StreamRecord<SourceRecord> payment(int partition, long offset, long time) {
        byte[] json = TestViews.payment(time, "c", 1L, "DE", 1).getBytes(StandardCharsets.UTF_8);
        return new StreamRecord<>(reader.read(partition, offset, 0, json), time);
    }

    /** The positions of frontiers and the keys of events, in their order. */
    private static List<String> out(OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness) {
        return events(harness).stream()
                .map(event -> event.isFrontier() ? event.position().toString() : event.key())
                .toList();
    }

    private static List<KeyedEvent> events(OneInputStreamOperatorTestHarness<SourceRecord, DeadLetter> harness) {
        Queue<StreamRecord<KeyedEvent>> events = harness.getSideOutput(CARDS);
        return events == null
                ? List.of()
                : events.stream().map(StreamRecord::getValue).toList();
    }

    /** A way to a number of instances. */
    private static final class Writer extends MockResultPartitionWriter {
        private final int instances;
        private final int groups;

        Writer(int instances, int groups) {
            this.instances = instances;
            this.groups = groups;
        }

        @Override
        public int getNumberOfSubpartitions() {
            return instances;
        }

        @Override
        public int getNumTargetKeyGroups() {
            return groups;
        }
    }
}
