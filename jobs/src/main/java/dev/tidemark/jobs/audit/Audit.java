package dev.tidemark.jobs.audit;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.Pause;
import dev.tidemark.stores.HistoryStore;
import dev.tidemark.stores.OnlineStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares, entity by entity and bit by bit, the online row with the history row of the same instant and, if asked, both with a
 * recomputation from the log. The job may run meanwhile: what differs is read again until it agrees or the patience is over.
 */
public final class Audit {
    private final OnlineStore online;
    private final HistoryStore history;
    private final Options options;

    /** An audit of two stores, which the caller closes. */
    public Audit(OnlineStore online, HistoryStore history, Options options) {
        this.online = online;
        this.history = history;
        this.options = options;
    }

    /**
     * How much is audited.
     *
     * @param kafka the brokers of the log to recompute from, {@code host:port}, separated by commas; null for no recomputation
     * @param entities how many of each view; {@link Integer#MAX_VALUE} for all
     * @param seed decides which; the same seed takes the same entities as long as the stores know the same
     * @param patience how long a running job may take to write what the log calls for
     */
    public record Options(@Nullable String kafka, int entities, long seed, Duration patience) {}

    /**
     * Audits views.
     *
     * @param differences takes each difference that stays
     * @throws JobSetupException if the log cannot be read, or not from its beginning, or temporary files cannot be written
     * @throws InterruptedException if the thread is interrupted
     */
    public AuditResult run(List<FeatureView> views, Consumer<Difference> differences)
            throws JobSetupException, InterruptedException {
        return run(views, List.of(), differences);
    }

    /**
     * Audits views whose job computes others, too, from the same sources: which records are refused, and with them the verdicts
     * on late events, hangs on all of them.
     *
     * @param beside the others, which are not audited
     * @param differences takes each difference that stays
     * @throws JobSetupException if the log cannot be read, or not from its beginning, or temporary files cannot be written
     * @throws InterruptedException if the thread is interrupted
     */
    public AuditResult run(List<FeatureView> views, List<FeatureView> beside, Consumer<Difference> differences)
            throws JobSetupException, InterruptedException {
        Map<String, List<FeatureView>> bySource = new LinkedHashMap<>();
        for (FeatureView view : views) {
            bySource.computeIfAbsent(view.source().name(), name -> new ArrayList<>())
                    .add(view);
        }
        Tally tally = new Tally(differences);
        Map<String, String> offsets = new TreeMap<>();
        try {
            for (List<FeatureView> together : bySource.values()) {
                audit(together.get(0).source(), together, beside, tally, offsets);
            }
        } catch (Buckets.Failure e) {
            throw e.mendable();
        }
        return tally.result(offsets);
    }

    /**
     * Finds out whether the log of a source can be recomputed from, without reading it.
     *
     * @throws JobSetupException if not
     */
    public static void checkLog(String kafka, Source source) throws JobSetupException {
        SourceLog.open(kafka, source).close();
    }

    /** Online rows are read first and the end of the log is looked up then, so that the log has every event that they know. */
    private void audit(
            Source source, List<FeatureView> views, List<FeatureView> beside, Tally tally, Map<String, String> offsets)
            throws JobSetupException, InterruptedException {
        List<ViewAudit> audits = new ArrayList<>();
        SourceLog log = null;
        try {
            for (FeatureView view : views) {
                ViewAudit audit = new ViewAudit(view, online, history, new Sample(options.entities(), options.seed()));
                audits.add(audit);
                audit.readOnline();
            }
            if (options.kafka() != null) {
                log = SourceLog.open(options.kafka(), source);
                List<FeatureView> read = new ArrayList<>(views);
                beside.stream()
                        .filter(view -> view.source().equals(source) && !views.contains(view))
                        .forEach(read::add);
                log.read(read, (view, event) -> {
                    if (view < audits.size()) {
                        audits.get(view).add(event);
                    }
                });
                tally.settled(log.settled());
                offsets.put(source.topic(), log.position().toString());
            }
            for (ViewAudit audit : audits) {
                audit.readHistory();
                audit.compare(log, new Deadline(options.patience()), tally);
            }
        } finally {
            audits.forEach(ViewAudit::close);
            if (log != null) {
                log.close();
            }
        }
    }

    /** When there is no more waiting. */
    static final class Deadline {
        private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

        private final Duration patience;
        private long end;

        /** One that begins when it is first asked to wait. */
        Deadline(Duration patience) {
            this.patience = patience;
        }

        /** Waits a moment; false if it is over. */
        boolean pause() throws InterruptedException {
            long now = System.nanoTime();
            end = end == 0 ? now + patience.toNanos() : end;
            if (now - end >= 0) {
                return false;
            }
            Pause.of(BETWEEN_LOOKS);
            return true;
        }
    }

    /** Adds up what was found. */
    static final class Tally {
        private final Consumer<Difference> differences;
        private long entities;
        private long events;
        private long rows;
        private long mismatches;
        private long unsettled;
        private long pending;
        private long settled = Long.MAX_VALUE;

        Tally(Consumer<Difference> differences) {
            this.differences = differences;
        }

        void add(Findings findings, int entityEvents) {
            entities++;
            events += entityEvents;
            rows += findings.rows();
            unsettled += findings.notSettled();
            pending += findings.awaited();
            mismatches += findings.differences().size();
            findings.differences().forEach(differences);
        }

        void settled(long instant) {
            settled = Math.min(settled, instant);
        }

        AuditResult result(Map<String, String> offsets) {
            return new AuditResult(entities, events, rows, mismatches, unsettled, pending, settled, offsets);
        }
    }
}
