package dev.tidemark.jobs.ingest;

import dev.tidemark.defs.Source;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.Refusal;
import dev.tidemark.jobs.record.RefusalCounters;
import dev.tidemark.jobs.record.RefusalReason;
import dev.tidemark.jobs.record.SourceRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.tuple.Tuple6;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the verdict on lateness and deals events out to the views, one side output each; dead letters are the main output.
 * Must be chained to the source, which alone knows the order of the log.
 *
 * <p>The greatest event time of every partition is kept in state that each instance gets whole when it is restored, for
 * partitions move between instances when a job is rescaled. So are the records at which these times leapt, for {@link LatenessAlarm}.
 */
public final class IngestFunction extends ProcessFunction<SourceRecord, DeadLetter> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(IngestFunction.class);

    /** Where the greatest event times are: topic, partition, epoch milliseconds. */
    static final ListStateDescriptor<Tuple3<String, Integer, Long>> GREATEST =
            new ListStateDescriptor<>("greatest-event-times", Types.TUPLE(Types.STRING, Types.INT, Types.LONG));

    /** Leaps of event time: topic, partition, offset, time before, time, and how many events were on time since. */
    static final ListStateDescriptor<Tuple6<String, Integer, Long, Long, Long, Long>> LEAPS = new ListStateDescriptor<>(
            "time-leaps", Types.TUPLE(Types.STRING, Types.INT, Types.LONG, Types.LONG, Types.LONG, Types.LONG));

    private final Source source;
    private final List<OutputTag<KeyedEvent>> outputs;

    // Flink calls initializeState before everything else.
    @SuppressWarnings("NullAway.Init")
    private transient LatenessVerdict verdict;

    @SuppressWarnings("NullAway.Init")
    private transient ListState<Tuple3<String, Integer, Long>> recorded;

    @SuppressWarnings("NullAway.Init")
    private transient ListState<Tuple6<String, Integer, Long, Long, Long, Long>> recordedLeaps;

    @SuppressWarnings("NullAway.Init")
    private transient LatenessAlarm alarm;

    private transient Counter accepted;
    private transient Counter notFinite;
    private transient RefusalCounters refused;

    /**
     * The ingest of one source.
     *
     * @param outputs where the events of each view go, in the order of {@link SourceRecord#events()}
     */
    public IngestFunction(Source source, List<OutputTag<KeyedEvent>> outputs) {
        this.source = source;
        this.outputs = List.copyOf(outputs);
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        verdict = new LatenessVerdict(source.allowedLateness().toMillis());
        recorded = context.getOperatorStateStore().getUnionListState(GREATEST);
        for (Tuple3<String, Integer, Long> entry : recorded.get()) {
            if (entry.f0.equals(source.topic())) {
                verdict.of(entry.f1).restore(entry.f2);
            }
        }
        recordedLeaps = context.getOperatorStateStore().getUnionListState(LEAPS);
        for (Tuple6<String, Integer, Long, Long, Long, Long> entry : recordedLeaps.get()) {
            if (entry.f0.equals(source.topic())) {
                verdict.of(entry.f1).leaps().restore(entry.f2, entry.f3, entry.f4, entry.f5);
            }
        }
    }

    @Override
    public void open(OpenContext context) {
        accepted = getRuntimeContext().getMetricGroup().counter("eventsAccepted");
        notFinite = getRuntimeContext().getMetricGroup().counter("notFiniteInputs");
        refused = new RefusalCounters(getRuntimeContext().getMetricGroup());
        alarm = new LatenessAlarm(source, getRuntimeContext().getMetricGroup(), LOG::warn);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        List<Tuple3<String, Integer, Long>> entries = new ArrayList<>();
        List<Tuple6<String, Integer, Long, Long, Long, Long>> leaps = new ArrayList<>();
        verdict.forEach((partition, times) -> {
            entries.add(Tuple3.of(source.topic(), partition, times.greatest()));
            times.leaps()
                    .forEach(leap -> leaps.add(Tuple6.of(
                            source.topic(),
                            partition,
                            leap.offset(),
                            leap.before(),
                            leap.time(),
                            times.leaps().followed(leap))));
        });
        recorded.update(entries);
        recordedLeaps.update(leaps);
    }

    @Override
    public void processElement(SourceRecord record, Context context, Collector<DeadLetter> deadLetters) {
        Refusal refusal = record.refusal();
        if (refusal == null) {
            refusal = judge(record, context.timerService().currentProcessingTime());
        }
        if (refusal != null) {
            refused.count(refusal.reason());
            deadLetters.collect(record.deadLetter(refusal));
            return;
        }
        accepted.inc();
        notFinite.inc(record.notFinite());
        for (int i = 0; i < outputs.size(); i++) {
            KeyedEvent event = record.events().get(i);
            if (event != null) {
                context.output(outputs.get(i), event);
            }
        }
    }

    private @Nullable Refusal judge(SourceRecord event, long now) {
        PartitionTimes times = verdict.of(event.partition());
        boolean late = times.isLate(event.offset(), event.time());
        alarm.look(event.partition(), times, late, event.time(), now);
        if (!late) {
            return null;
        }
        return new Refusal(
                RefusalReason.LATE,
                "The event is " + times.behind(event.time())
                        + " ms behind the greatest event time before it in its partition; source " + source.name()
                        + " allows " + source.allowedLateness().toMillis() + " ms.");
    }
}
