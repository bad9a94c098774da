package dev.tidemark.serving;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.stores.Frontier;
import dev.tidemark.stores.OnlineRow;
import dev.tidemark.stores.OnlineStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that wait until the online store has the records that they want. None of them holds a thread: one for all asks how far
 * the views have come, and reads the rows of those requests that may have got what they want.
 */
final class WaitingRoom implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingRoom.class);
    /** How many requests may wait at once. */
    static final int SEATS = 1_000;

    private static final Duration INTERVAL = Duration.ofMillis(10);

    private final OnlineStore store;
    private final LongSupplier nanos;
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thread = Daemons.timer("waiting-room");

    /**
     * An empty room, in which nobody looks around yet.
     *
     * @param nanos as {@link System#nanoTime}
     */
    WaitingRoom(OnlineStore store, LongSupplier nanos) {
        this.store = store;
        this.nanos = nanos;
    }

    /** A room whose waiters are looked after. */
    static WaitingRoom open(OnlineStore store) {
        WaitingRoom room = new WaitingRoom(store, System::nanoTime);
        room.thread.scheduleWithFixedDelay(room::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return room;
    }

    /**
     * The rows of a query, one for each of its lookups, as soon as they have what it waits for.
     *
     * @return fails with an {@link ApiException} if the time runs out, and with what the store throws
     * @throws ApiException if too many requests wait
     */
    CompletableFuture<List<@Nullable OnlineRow>> rows(OnlineQuery query, Duration timeout) {
        Waiter waiter = new Waiter(query, timeout, nanos.getAsLong() + timeout.toNanos());
        look(List.of(waiter), true);
        if (!waiter.rows.isDone()) {
            if (waiters.size() >= SEATS) {
                throw ApiException.unavailable(
                        "There are " + SEATS + " requests waiting for records already. Try again in a moment.");
            }
            waiters.add(waiter);
        }
        return waiter.rows;
    }

    /** How many requests wait. */
    int size() {
        return waiters.size();
    }

    /** Looks after all who wait. Never throws, not even an error, because that would end the looking. */
    void look() {
        try {
            if (!waiters.isEmpty()) {
                look(List.copyOf(waiters), false);
                waiters.removeIf(waiter -> waiter.rows.isDone());
            }
        } catch (Throwable e) {
            LOG.error("Could not look after those who wait for records; trying again.", e);
        }
    }

    private void look(Collection<Waiter> some, boolean first) {
        try {
            Map<String, FeatureView> views = new LinkedHashMap<>();
            some.forEach(waiter -> waiter.wanted
                    .keySet()
                    .forEach(served -> views.put(served.view().id(), served.view())));
            List<Frontier> found = store.frontiers(List.copyOf(views.values()));
            Map<String, Frontier> frontiers = new LinkedHashMap<>();
            views.keySet().forEach(id -> frontiers.put(id, found.get(frontiers.size())));
            some.forEach(waiter -> waiter.lookOrFail(frontiers, first));
        } catch (Throwable e) {
            some.forEach(waiter -> waiter.rows.completeExceptionally(e));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        ApiException closing = ApiException.unavailable("The server is stopping.");
        waiters.forEach(waiter -> waiter.rows.completeExceptionally(closing));
    }

    private final class Waiter {
        private final OnlineQuery query;
        private final Map<ServedView, LogPosition> wanted;
        private final Duration timeout;
        private final long deadline;
        private final CompletableFuture<List<@Nullable OnlineRow>> rows = new CompletableFuture<>();

        Waiter(OnlineQuery query, Duration timeout, long deadline) {
            this.query = query;
            this.wanted = query.wanted();
            this.timeout = timeout;
            this.deadline = deadline;
        }

        /** A row that cannot be read is the trouble of the one who asked for it. */
        private void lookOrFail(Map<String, Frontier> frontiers, boolean first) {
            try {
                look(frontiers, first);
            } catch (Throwable e) {
                rows.completeExceptionally(e);
            }
        }

        /** The rows themselves may have come far enough before the frontier has: that is looked at in the beginning and at the end. */
        private void look(Map<String, Frontier> frontiers, boolean first) {
            boolean last = nanos.getAsLong() - deadline >= 0;
            if (first || last || reached(frontiers)) {
                // Read after the frontiers, which speak of what is in the store by then.
                List<@Nullable OnlineRow> found = store.find(query.lookups());
                if (covers(frontiers, found)) {
                    rows.complete(found);
                } else if (last) {
                    List<ApiException.Lag> behind = behind(frontiers);
                    rows.completeExceptionally(ApiException.tooLate(detail(behind), behind));
                }
            }
        }

        private boolean covers(Map<String, Frontier> frontiers, List<@Nullable OnlineRow> found) {
            List<ServedView> lacking = new ArrayList<>();
            query.forEachView(found, (view, ofView) -> {
                LogPosition position = wanted.get(view);
                Frontier frontier = frontiers.get(view.view().id());
                if (position != null
                        && frontier != null
                        && !ofView.stream().allMatch(row -> frontier.covers(position, row))) {
                    lacking.add(view);
                }
            });
            return lacking.isEmpty();
        }

        /** Whether nothing is {@link #behind}, which would be much to write down at every look. */
        private boolean reached(Map<String, Frontier> frontiers) {
            return wanted.entrySet().stream().allMatch(entry -> {
                Frontier frontier = frontiers.get(entry.getKey().view().id());
                return frontier != null && frontier.covers(entry.getValue());
            });
        }

        private List<ApiException.Lag> behind(Map<String, Frontier> frontiers) {
            List<ApiException.Lag> behind = new ArrayList<>();
            wanted.forEach((served, position) -> {
                FeatureView view = served.view();
                Frontier frontier = frontiers.get(view.id());
                position.offsets().forEach((partition, offset) -> {
                    if (frontier == null || !frontier.covers(LogPosition.NONE.with(partition, offset))) {
                        long reached = frontier == null
                                ? LogPosition.NOTHING_READ
                                : frontier.reached().offset(partition);
                        behind.add(new ApiException.Lag(
                                view.id(),
                                view.source().topic(),
                                partition,
                                offset,
                                reached == LogPosition.NOTHING_READ ? null : reached));
                    }
                });
            });
            return behind;
        }

        private String detail(List<ApiException.Lag> behind) {
            String detail = "The rows do not have the records of wait_for after " + timeout.toMillis() + " ms. ";
            if (behind.isEmpty()) {
                return detail + "The job was restarted, or the rows were rebuilt from the history, and it has not yet"
                        + " caught up with the rows that are stored.";
            }
            ApiException.Lag lag = behind.get(0);
            return detail + "The view " + lag.view() + " lacks record " + lag.wanted() + " of partition "
                    + lag.partition() + " of " + lag.topic() + "; it is known to have "
                    + (lag.reached() == null ? "none." : "those up to " + lag.reached() + ".");
        }
    }
}
