package dev.tidemark.cli;

import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.HistoryStore;
import dev.tidemark.stores.OnlineResult;
import dev.tidemark.stores.OnlineStore;
import dev.tidemark.stores.OnlineWrite;
import dev.tidemark.stores.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the newest history row of every entity into the online store, where the live job has no row. */
final class OnlineRebuild {
    private static final int BATCH = 1_000;

    private final HistoryStore history;
    private final OnlineStore online;

    OnlineRebuild(HistoryStore history, OnlineStore online) {
        this.history = history;
        this.online = online;
    }

    /**
     * What was done for a view.
     *
     * @param written rows that filled a gap, or took the place of what was rebuilt before
     * @param kept entities whose online row was left alone
     */
    record Result(long written, long kept) {}

    /**
     * Rebuilds a view's rows.
     *
     * @throws dev.tidemark.stores.FencedException if another repair of the view begins meanwhile
     */
    Result rebuild(FeatureView view) {
        String run = "rebuild-online-" + UUID.randomUUID();
        Epoch epoch = history.enter(view, new Writer(Writer.Line.REPAIR, run, run, "online/0", 0));
        Pass pass = new Pass(view, epoch);
        history.scan(view, pass::add);
        pass.end();
        return new Result(pass.written, pass.kept);
    }

    /**
     * When a row from the history ends: never, if that is sure, or else right after it began. Only the log tells when a window's tail
     * comes by the next event, so the row vouches for its own instant and no later one.
     */
    static long validUntil(FeatureView view, FeatureRow row) {
        for (Feature feature : view.features()) {
            if (!isOver(feature.window(), row)) {
                return row.validFrom() + 1;
            }
        }
        return FeatureRow.NEVER;
    }

    /** Whether an entity's last event, and so every event before, has left a window by the time of a row, or never will. */
    private static boolean isOver(Window window, FeatureRow row) {
        long last = row.lastEventTime();
        if (window instanceof Window.Sliding sliding) {
            long step = sliding.stepMillis();
            long leaves = (Math.floorDiv(last, step) + 1) * step + sliding.lengthMillis() + sliding.offsetMillis();
            return row.validFrom() >= leaves;
        } else if (window instanceof Window.Tumbling tumbling) {
            // A civil period may be some hours longer than it is said to be; then the answer is only too careful.
            return tumbling.unit() == null
                    && row.validFrom()
                            >= (Math.floorDiv(last, tumbling.length().toMillis()) + 2)
                                    * tumbling.length().toMillis();
        }
        return true;
    }

    /** Keeps the last of each entity's rows as they come by. */
    private final class Pass {
        private final FeatureView view;
        private final Epoch epoch;
        private final List<OnlineWrite> batch = new ArrayList<>();
        private @Nullable String key;
        private @Nullable FeatureRow newest;
        private long written;
        private long kept;

        Pass(FeatureView view, Epoch epoch) {
            this.view = view;
            this.epoch = epoch;
        }

        void add(String entity, FeatureRow row) {
            if (!entity.equals(key)) {
                flushEntity();
            }
            key = entity;
            newest = row;
        }

        void end() {
            flushEntity();
            write();
        }

        private void flushEntity() {
            FeatureRow row = newest;
            if (key == null || row == null) {
                return;
            }
            batch.add(new OnlineWrite(
                    view,
                    key,
                    new FeatureRow(row.values(), row.validFrom(), validUntil(view, row), row.lastEventTime())));
            if (batch.size() >= BATCH) {
                write();
            }
        }

        private void write() {
            OnlineResult result = online.put(epoch, batch);
            written += result.taken();
            kept += result.behind() + result.fenced();
            batch.clear();
        }
    }
}
