package dev.tidemark.jobs.view;

import dev.tidemark.jobs.view.OnlineLoss.Before;
import dev.tidemark.jobs.view.OnlineLoss.Probe;
import java.util.List;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;

/**
 * What an instance knows of the online store, kept for the one that goes on from its checkpoint. A store that meanwhile went back to an
 * older copy looks like one that lost nothing. Every instance gets the entries of all.
 */
final class LossState {
    /** The instance, how often it asked the store, and whether it has still to send rows that were lost. */
    private static final ListStateDescriptor<Tuple3<Integer, Long, Boolean>> ENTRIES =
            new ListStateDescriptor<>("online-loss", Types.TUPLE(Types.INT, Types.LONG, Types.BOOLEAN));

    private final OnlineLoss loss;
    private final int instance;
    private final ListState<Tuple3<Integer, Long, Boolean>> entries;
    private final Before before;

    /** Goes on from what was kept, if anything was. */
    LossState(OnlineLoss loss, TaskInfo task, OperatorStateStore store) throws Exception {
        this.loss = loss;
        this.instance = task.getIndexOfThisSubtask();
        this.entries = store.getUnionListState(ENTRIES);
        long count = 0;
        int instances = 0;
        boolean owed = false;
        for (Tuple3<Integer, Long, Boolean> entry : entries.get()) {
            count = entry.f0 == instance ? entry.f1 : count;
            instances++;
            owed |= entry.f2;
        }
        // As many as before have the same entities as before, and the store knows best who owes what.
        boolean rescaled = instances != task.getNumberOfParallelSubtasks();
        this.before = new Before(count, !(rescaled && owed));
    }

    Before before() {
        return before;
    }

    Probe open() {
        return loss.open(instance, before);
    }

    void write(long count, boolean owed) throws Exception {
        entries.update(List.of(Tuple3.of(instance, count, owed)));
    }
}
