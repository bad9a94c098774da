package dev.tidemark.jobs.view;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;

/**
 * From which event time on a job that corrects further back than the one before it can do so: what entities had let go of by then
 * does not come back. Every instance gets the entries of all.
 */
final class CorrectionReach {
    private static final long EVERYTHING = Long.MIN_VALUE;

    /** How far back corrections went, milliseconds; the reach; and the reach of a job that goes on and corrects further back. */
    private static final ListStateDescriptor<Tuple3<Long, Long, Long>> REACH =
            new ListStateDescriptor<>("correction-reach", Types.TUPLE(Types.LONG, Types.LONG, Types.LONG));

    private final long corrections;
    private final ListState<Tuple3<Long, Long, Long>> recorded;
    private long reach = EVERYTHING;

    /** Goes on from what was recorded, if anything was. */
    CorrectionReach(Duration corrections, OperatorStateStore store) throws Exception {
        this.corrections = corrections.toMillis();
        this.recorded = store.getUnionListState(REACH);
        for (Tuple3<Long, Long, Long> before : recorded.get()) {
            reach = Math.max(reach, this.corrections > before.f0 ? before.f2 : before.f1);
        }
    }

    /** The least event time at which all is still known, as far as the jobs before are concerned, epoch milliseconds. */
    long from() {
        return reach;
    }

    /**
     * Records it.
     *
     * @param settled up to which instant rows were settled at most, by this job or those before, epoch milliseconds
     */
    void record(long settled) throws Exception {
        long remembered = settled > Long.MIN_VALUE + corrections ? settled - corrections : EVERYTHING;
        recorded.update(List.of(Tuple3.of(corrections, reach, Math.max(reach, remembered))));
    }
}
