package dev.tidemark.jobs.audit;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.stores.HistoryStore;
import dev.tidemark.stores.OnlineStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * An audit that never ends: each round compares other entities of each view in both stores, and goes on where the last one stopped, so that
 * after enough rounds every entity has had its turn. The log is not read.
 */
public final class ContinuousAudit {
    /** Of how many rounds the coverage speaks. */
    public static final int ROUNDS = 100;

    private final OnlineStore online;
    private final HistoryStore history;
    private final int entities;
    private final long seed;
    private final Duration patience;
    private final Map<String, Turn> turns = new HashMap<>();

    /**
     * An audit of two stores, which the caller closes.
     *
     * @param entities how many of each view in a round
     * @param seed decides with which it begins, and the order; the same seed gives the same
     * @param patience how long a running job may take in each round to write what is missing
     */
    public ContinuousAudit(OnlineStore online, HistoryStore history, int entities, long seed, Duration patience) {
        this.online = online;
        this.history = history;
        this.entities = entities;
        this.seed = seed;
        this.patience = patience;
    }

    /**
     * One round.
     *
     * @param differences takes each difference that stays
     * @param seen takes the id of each view and what was seen of it, as soon as it is through: a later view may fail
     * @throws JobSetupException if temporary files cannot be written
     * @throws InterruptedException if the thread is interrupted
     */
    public void round(List<FeatureView> views, Consumer<Difference> differences, BiConsumer<String, Round> seen)
            throws JobSetupException, InterruptedException {
        for (FeatureView view : views) {
            Turn turn = turns.computeIfAbsent(view.id(), id -> new Turn());
            Sample sample = new Sample(entities, seed, turn.next);
            Audit.Tally tally = new Audit.Tally(differences);
            try (ViewAudit audit = new ViewAudit(view, online, history, sample)) {
                audit.readOnline();
                audit.readHistory();
                audit.compare(null, new Audit.Deadline(patience), tally);
            } catch (Buckets.Failure e) {
                throw e.mendable();
            }
            turn.took(sample);
            seen.accept(view.id(), new Round(tally.result(Map.of()), turn.coverage()));
        }
    }

    /**
     * What a round saw of a view.
     *
     * @param coverage the share of the view's entities that the last {@value ContinuousAudit#ROUNDS} rounds looked at, from 0 to 1
     */
    public record Round(AuditResult result, double coverage) {}

    /** Whose turn it is among a view's entities. */
    private static final class Turn {
        private final Deque<Double> shares = new ArrayDeque<>();
        private long next;

        void took(Sample sample) {
            next = sample.next();
            shares.add(sample.share());
            if (shares.size() > ROUNDS) {
                shares.remove();
            }
        }

        /** Rounds follow each other around the circle of hashes, and so overlap only once all of it was seen. */
        double coverage() {
            return Math.min(1, shares.stream().mapToDouble(Double::doubleValue).sum());
        }
    }
}
