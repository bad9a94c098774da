package dev.tidemark.jobs.audit;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.InputEvent;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.engine.ViewPlan;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.stores.Frontier;
import dev.tidemark.stores.HistoryStore;
import dev.tidemark.stores.OnlineRow;
import dev.tidemark.stores.OnlineStore;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Gathers what is known of one view's entities and compares it, a bucket of entities at a time. */
final class ViewAudit implements AutoCloseable {
    private final FeatureView view;
    private final ViewPlan plan;
    private final RowCodec codec;
    private final OnlineStore online;
    private final HistoryStore history;
    private final Sample sample;
    private final Buckets onlineRows = new Buckets();
    private final Buckets historyRows = new Buckets();
    private final Buckets events = new Buckets();
    private Frontier frontier = Frontier.UNKNOWN;
    private long newest = Long.MIN_VALUE;
    private @Nullable Long complete;

    ViewAudit(FeatureView view, OnlineStore online, HistoryStore history, Sample sample) {
        this.view = view;
        this.plan = ViewPlan.of(everyRow(view));
        this.codec = RowCodec.of(view);
        this.online = online;
        this.history = history;
        this.sample = sample;
    }

    /** The view with every row in its history, for the online row is never coarser. */
    private static FeatureView everyRow(FeatureView view) {
        return view.withHistory(new FeatureView.History(view.history().retention(), null));
    }

    void readOnline() {
        if (!sample.isAll()) {
            history.scan(view, (key, row) -> sample.offer(key));
            online.scan(view, (key, row) -> sample.offer(key));
        }
        frontier = frontier(); // Before the rows, so that these are all there.
        online.scan(view, (key, row) -> {
            if (sample.contains(key)) {
                onlineRows.add(key, out -> write(key, row, out));
            }
        });
    }

    void add(KeyedEvent event) {
        if (sample.contains(event.key())) {
            events.add(event.key(), out -> write(event, out));
        }
    }

    void readHistory() {
        complete = history.settled(view); // Before the rows, so that these are all there.
        history.scan(view, (key, row) -> {
            newest = Math.max(newest, row.validFrom());
            if (sample.contains(key)) {
                historyRows.add(key, out -> {
                    out.writeUTF(key);
                    writeBytes(codec.encode(row), out);
                });
            }
        });
    }

    void compare(@Nullable SourceLog log, Audit.Deadline deadline, Audit.Tally tally)
            throws JobSetupException, InterruptedException {
        LogPosition end = log == null ? LogPosition.NONE : log.position();
        long settled = log == null ? Long.MIN_VALUE : log.settled();
        Scope scope = new Scope(
                view,
                settled,
                stoodStill(log),
                end,
                newest,
                complete == null ? newest : complete,
                frontier,
                System.currentTimeMillis());
        for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
            List<Known> suspects = new ArrayList<>();
            for (Known entity : read(bucket).values()) {
                Recomputation replay = log == null ? null : entity.recompute(plan);
                FeatureRow last = entity.history.isEmpty() ? null : entity.history.get(entity.history.size() - 1);
                Findings findings = EntityCheck.of(
                        scope, entity.key, new EntityCheck.Stored(last, entity.online, entity.history), replay);
                if (findings.isClean()) {
                    tally.add(findings, entity.events.size());
                } else {
                    suspects.add(entity);
                }
            }
            readAgain(suspects, scope, log, deadline, tally);
        }
    }

    /** Looks at suspects again: rows that were not there yet, or read at different times, come to agree by themselves. */
    private void readAgain(
            List<Known> suspects, Scope scope, @Nullable SourceLog log, Audit.Deadline deadline, Audit.Tally tally)
            throws JobSetupException, InterruptedException {
        boolean waits = true;
        while (!suspects.isEmpty()) {
            for (Iterator<Known> left = suspects.iterator(); left.hasNext(); ) {
                Known entity = left.next();
                Frontier passed = frontier();
                EntityCheck.Stored stored = stored(entity.key);
                Recomputation replay = log == null ? null : entity.recompute(plan);
                Findings findings = EntityCheck.of(scope.again(passed, stoodStill(log)), entity.key, stored, replay);
                if (findings.isClean() || !waits) {
                    tally.add(findings, entity.events.size());
                    left.remove();
                }
            }
            waits = waits && (suspects.isEmpty() || deadline.pause());
        }
    }

    private EntityCheck.Stored stored(String key) {
        List<FeatureRow> before = history.rows(view, key);
        OnlineRow row = online.find(List.of(new OnlineStore.Lookup(view, key))).get(0);
        return new EntityCheck.Stored(
                before.isEmpty() ? null : before.get(before.size() - 1), row, history.rows(view, key));
    }

    private Frontier frontier() {
        return online.frontiers(List.of(view)).get(0);
    }

    private static boolean stoodStill(@Nullable SourceLog log) throws JobSetupException {
        return log != null && log.stoodStill();
    }

    private SortedMap<String, Known> read(int bucket) {
        SortedMap<String, Known> entities = new TreeMap<>();
        onlineRows.read(bucket, in -> {
            Known entity = entities.computeIfAbsent(in.readUTF(), Known::new);
            LogPosition position = LogPosition.read(in);
            long epoch = in.readLong();
            entity.online = new OnlineRow(codec.decode(readBytes(in)), position, epoch);
        });
        historyRows.read(
                bucket,
                in -> entities.computeIfAbsent(in.readUTF(), Known::new).history.add(codec.decode(readBytes(in))));
        events.read(bucket, in -> entities.computeIfAbsent(in.readUTF(), Known::new)
                .events
                .add(new InputEvent(in.readLong(), in.readInt(), in.readLong(), plan.decodeInputs(readBytes(in)))));
        return entities;
    }

    private void write(String key, OnlineRow row, DataOutputStream out) throws IOException {
        out.writeUTF(key);
        row.position().write(out);
        out.writeLong(row.epoch());
        writeBytes(codec.encode(row.row()), out);
    }

    private static void write(KeyedEvent event, DataOutputStream out) throws IOException {
        out.writeUTF(event.key());
        out.writeLong(event.time());
        out.writeInt(event.partition());
        out.writeLong(event.offset());
        writeBytes(event.inputs(), out);
    }

    private static void writeBytes(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    @Override
    public void close() {
        onlineRows.close();
        historyRows.close();
        events.close();
    }

    /** What was read of an entity. */
    private static final class Known {
        private final String key;
        private final List<FeatureRow> history = new ArrayList<>();
        private final List<InputEvent> events = new ArrayList<>();
        private @Nullable OnlineRow online;

        Known(String key) {
            this.key = key;
        }

        Recomputation recompute(ViewPlan plan) {
            return new Recomputation(plan, events);
        }
    }
}
