package dev.tidemark.serving;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.stores.Frontier;
import dev.tidemark.stores.OnlineRow;
import dev.tidemark.stores.OnlineStore;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that wait until the online store has the records that they want. None of them holds a thread: one for all asks how far
 * the views have come, and has the rows read of those requests that may have got what they want. It reads none itself, so that no
 * request has to wait for the many rows of another.
 */
final class WaitingRoom implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingRoom.class);
    /** How many requests may wait at once. */
    static final int SEATS = 1_000;

    private static final Duration INTERVAL = Duration.ofMillis(10);
    /** The longest pause of a request whose rows are not there although the frontier is. */
    static final Duration LONGEST_PAUSE = Duration.ofMillis(160);

    private final OnlineStore store;
    private final Timer reads;
    private final Executor readers;
    private final LongSupplier nanos;
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private final ScheduledExecutorService thread = Daemons.timer("waiting-room");

    /**
     * An empty room, in which nobody looks around yet.
     *
     * @param reads measures how long they take
     * @param readers read rows
     * @param nanos as {@link System#nanoTime}
     */
    WaitingRoom(OnlineStore store, Timer reads, Executor readers, LongSupplier nanos) {
        this.store = store;
        this.reads = reads;
        this.readers = readers;
        this.nanos = nanos;
    }

    /** A room whose waiters are looked after. */
    static WaitingRoom open(OnlineStore store, Timer reads, Executor readers) {
        WaitingRoom room = new WaitingRoom(store, reads, readers, System::nanoTime);
        room.thread.scheduleWithFixedDelay(room::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return room;
    }

    /**
     * The rows of a query, one for each of its lookups, as soon as they have what it waits for.
     *
     * @return fails with an {@link ApiException} if the time runs out, and with what the store throws
     * @throws ApiException if too many requests wait, or the room is closed
     */
    CompletableFuture<List<@Nullable OnlineRow>> rows(OnlineQuery query, Duration timeout) {
        Waiter waiter = new Waiter(query, timeout, nanos.getAsLong() + timeout.toNanos());
        look(List.of(waiter), Waiter::read);
        if (!waiter.rows.isDone()) {
            if (waiters.size() >= SEATS) {
                throw ApiException.unavailable(
                        "There are " + SEATS + " requests waiting for records already. Try again in a moment.");
            }
            waiters.add(waiter);
            waiter.rows.whenComplete((found, failure) -> waiters.remove(waiter));
            // After it was added: either it is seen here, or by whoever closes the room.
            if (closed) {
                throw closing();
            }
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
                look(List.copyOf(waiters), Waiter::look);
            }
        } catch (Throwable e) {
            LOG.error("Could not look after those who wait for records; trying again.", e);
        }
    }

    /** Tells some how far the views have come. If that cannot be found out, all of them fail. */
    private void look(Collection<Waiter> some, BiConsumer<Waiter, Map<String, Frontier>> tell) {
        Map<String, Frontier> frontiers;
        try {
            frontiers = frontiers(some);
        } catch (Throwable e) {
            some.forEach(waiter -> waiter.rows.completeExceptionally(e));
            return;
        }
        for (Waiter waiter : some) {
            tell.accept(waiter, frontiers);
        }
    }

    private Map<String, Frontier> frontiers(Collection<Waiter> some) {
        Map<String, FeatureView> views = new LinkedHashMap<>();
        some.forEach(waiter ->
                waiter.wanted.keySet().forEach(served -> views.put(served.view().id(), served.view())));
        List<Frontier> found = store.frontiers(List.copyOf(views.values()));
        Map<String, Frontier> frontiers = new HashMap<>();
        views.keySet().forEach(id -> frontiers.put(id, found.get(frontiers.size())));
        return frontiers;
    }

    /** Those who wait are told so, and those who come from now on and would have to wait. */
    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
        waiters.forEach(waiter -> waiter.rows.completeExceptionally(closing()));
    }

    private static ApiException closing() {
        return ApiException.unavailable("The server is stopping.");
    }

    private final class Waiter {
        private final OnlineQuery query;
        private final Map<ServedView, LogPosition> wanted;
        private Map<ServedView, LogPosition> open; // What of that the rows lacked when they were read last.
        private final Duration timeout;
        private final long deadline;
        private final CompletableFuture<List<@Nullable OnlineRow>> rows = new CompletableFuture<>();
        private long pauseUntil; // As the other fields, handed from thread to thread with the next one.
        private Duration pause = INTERVAL;
        private volatile boolean reading;

        Waiter(OnlineQuery query, Duration timeout, long deadline) {
            this.query = query;
            this.wanted = query.wanted();
            this.open = wanted;
            this.timeout = timeout;
            this.deadline = deadline;
            this.pauseUntil = nanos.getAsLong();
        }

        /**
         * The rows themselves may have come far enough before the frontier has: that is looked at in the beginning and at the end.
         * The frontier may be there and not speak for the rows, for a time in which asking for them at every look would be much.
         */
        private void look(Map<String, Frontier> frontiers) {
            if (!reading && (isOver() || reached(frontiers) && nanos.getAsLong() - pauseUntil >= 0)) {
                reading = true;
                readers.execute(() -> read(frontiers));
            }
        }

        /** After the frontiers, which speak of what is in the store by then. Rows that cannot be read are the trouble of the one who asked. */
        private void read(Map<String, Frontier> frontiers) {
            try {
                boolean last = isOver();
                List<@Nullable OnlineRow> found = reads.record(() -> store.find(query.lookups()));
                if (covers(frontiers, found)) {
                    rows.complete(found);
                    return;
                }
                open = open(found);
                if (last) {
                    List<ApiException.Lag> behind = behind(frontiers);
                    rows.completeExceptionally(ApiException.tooLate(detail(behind), behind));
                } else if (reached(frontiers)) {
                    pauseUntil = nanos.getAsLong() + pause.toNanos();
                    pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
                }
            } catch (Throwable e) {
                rows.completeExceptionally(e);
            } finally {
                reading = false;
            }
        }

        private boolean isOver() {
            return nanos.getAsLong() - deadline >= 0;
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

        private Map<ServedView, LogPosition> open(List<@Nullable OnlineRow> found) {
            Map<ServedView, LogPosition> lacking = new LinkedHashMap<>();
            query.forEachView(found, (view, ofView) -> {
                LogPosition position = wanted.get(view);
                if (position != null) {
                    LogPosition ofRows = LogPosition.NONE;
                    for (OnlineRow row : ofView) {
                        ofRows = ofRows.and(row == null ? position : row.lacking(position));
                        if (ofRows.equals(position)) {
                            break;
                        }
                    }
                    lacking.put(view, ofRows);
                }
            });
            return lacking;
        }

        /** Whether nothing is {@link #behind}, which would be much to write down at every look. */
        private boolean reached(Map<String, Frontier> frontiers) {
            return open.entrySet().stream().allMatch(entry -> {
                Frontier frontier = frontiers.get(entry.getKey().view().id());
                return frontier != null && frontier.covers(entry.getValue());
            });
        }

        private List<ApiException.Lag> behind(Map<String, Frontier> frontiers) {
            List<ApiException.Lag> behind = new ArrayList<>();
            open.forEach((served, position) -> {
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
