package dev.tidemark.jobs.ingest;

import dev.tidemark.defs.Source;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.SourceRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.runtime.io.network.api.writer.ResultPartitionWriter;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Runs the ingest and tells every instance of every view, in line with the events, how far the log has been read, whatever became of
 * its records.
 *
 * <p>What was read before a checkpoint is in the stores once the checkpoint is complete, so these positions are kept in state that
 * each instance gets whole, and are told at once after a restore: a partition may stay quiet from then on.
 */
public final class IngestOperator extends ProcessOperator<SourceRecord, DeadLetter> {
    private static final long serialVersionUID = 1L;

    /** Milliseconds from the first record that was not told of. */
    static final long INTERVAL = 20;

    /** How far each partition was read: topic, partition, offset. */
    private static final ListStateDescriptor<Tuple3<String, Integer, Long>> READ =
            new ListStateDescriptor<>("read-offsets", Types.TUPLE(Types.STRING, Types.INT, Types.LONG));

    private final String topic;
    private final List<OutputTag<KeyedEvent>> followers;

    // Flink calls initializeState before everything else.
    @SuppressWarnings("NullAway.Init")
    private transient long[] read; // By partition.

    private transient boolean waiting;
    private transient long round;

    @SuppressWarnings("NullAway.Init")
    private transient ListState<Tuple3<String, Integer, Long>> recorded;

    /**
     * The ingest of one source.
     *
     * @param outputs where the events of each view go
     * @param followers those of the outputs whose views want to know
     */
    public IngestOperator(Source source, List<OutputTag<KeyedEvent>> outputs, List<OutputTag<KeyedEvent>> followers) {
        super(new IngestFunction(source, outputs));
        this.topic = source.topic();
        this.followers = List.copyOf(followers);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        read = new long[0];
        recorded = context.getOperatorStateStore().getUnionListState(READ);
        for (Tuple3<String, Integer, Long> entry : recorded.get()) {
            if (entry.f0.equals(topic)) {
                note(entry.f1, entry.f2);
            }
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        tellSoon();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        List<Tuple3<String, Integer, Long>> entries = new ArrayList<>();
        position().offsets().forEach((partition, offset) -> entries.add(Tuple3.of(topic, partition, offset)));
        recorded.update(entries);
    }

    @Override
    public void processElement(StreamRecord<SourceRecord> element) throws Exception {
        SourceRecord record = element.getValue();
        super.processElement(element);
        note(record.partition(), record.offset());
        if (!waiting) {
            tellSoon();
        }
    }

    private void note(int partition, long offset) {
        if (partition >= read.length) {
            int known = read.length;
            read = Arrays.copyOf(read, partition + 1);
            Arrays.fill(read, known, read.length, LogPosition.NOTHING_READ);
        }
        read[partition] = Math.max(read[partition], offset);
    }

    private LogPosition position() {
        LogPosition position = LogPosition.NONE;
        for (int partition = 0; partition < read.length; partition++) {
            long offset = read[partition];
            position = offset == LogPosition.NOTHING_READ ? position : position.with(partition, offset);
        }
        return position;
    }

    private void tellSoon() {
        if (followers.isEmpty()) {
            return;
        }
        waiting = true;
        long then = getProcessingTimeService().getCurrentProcessingTime() + INTERVAL;
        getProcessingTimeService().registerTimer(then, now -> {
            waiting = false;
            tell();
        });
    }

    private void tell() {
        LogPosition position = position();
        for (String key : keys()) {
            KeyedEvent frontier = KeyedEvent.frontier(key, position);
            followers.forEach(view -> output.collect(view, new StreamRecord<>(frontier)));
        }
    }

    /** A key for each instance of a view. They are new ones each time, so that nothing on the way takes two frontiers for one thing. */
    private List<String> keys() {
        round++;
        BitSet missing = new BitSet();
        int instances = views(ResultPartitionWriter::getNumberOfSubpartitions);
        // Of the running job: after a restore it is that of the savepoint, whatever the parallelism is now.
        int groups = views(ResultPartitionWriter::getNumTargetKeyGroups);
        missing.set(0, instances);
        List<String> keys = new ArrayList<>();
        for (int i = 0; !missing.isEmpty(); i++) {
            String key = "frontier/" + round + "/" + i;
            int instance = KeyGroupRangeAssignment.assignKeyToParallelOperator(key, groups, instances);
            if (missing.get(instance)) {
                missing.clear(instance);
                keys.add(key);
            }
        }
        return keys;
    }

    /** What a way to the views has at present, which an adaptive scheduler decides: of all ways, theirs has the most instances. */
    private int views(ToIntFunction<ResultPartitionWriter> number) {
        return Stream.of(getContainingTask().getEnvironment().getAllWriters())
                .max(Comparator.comparingInt(ResultPartitionWriter::getNumberOfSubpartitions))
                .map(number::applyAsInt)
                .orElse(1);
    }
}
