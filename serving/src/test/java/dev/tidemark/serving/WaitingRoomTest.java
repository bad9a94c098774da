package dev.tidemark.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.FrontierPart;
import dev.tidemark.stores.InMemoryOnlineStore;
import dev.tidemark.stores.OnlineRow;
import dev.tidemark.stores.OnlineStore;
import dev.tidemark.stores.OnlineStoreException;
import dev.tidemark.stores.OnlineWrite;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who waits for what, under a clock that the test moves. */
class WaitingRoomTest {
    private static final Definitions DEFINITIONS = TestDefinitions.activity();
    private static final FeatureView PAGES = DEFINITIONS.view("pages", 2).orElseThrow();
    private static final long EPOCH = 1L << 20;

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Timer READS = new SimpleMeterRegistry().timer("reads");
    private static final Catalog CATALOG = new Catalog(DEFINITIONS);

    private final InMemoryOnlineStore store = new InMemoryOnlineStore();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // Such clocks may run over.
    private final WaitingRoom room = new WaitingRoom(store, READS, Runnable::run, nanos::get);

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void answersAtOnceIfTheRowHasTheRecord() throws Exception {
        write("ann", 5, "0:41");

        assertThat(value(ask("ann", 41, 0))).isEqualTo(5);
        assertThat(room.size()).isZero();
    }

    @Test
    void releasesWhoeverWaitsOnceTheFrontierHasComeThere() throws Exception {
        write("ann", 5, "0:41");
        advance("0:41");
        CompletableFuture<List<OnlineRow>> own = ask("ann", 42, 100);
        CompletableFuture<List<OnlineRow>> later = ask("ann", 43, 100);
        room.look();
        assertThat(own).isNotDone();

        // The record changed nothing in this entity: it was late, filtered, or another's.
        advance("0:42");
        room.look();
        assertThat(value(own)).isEqualTo(5);
        assertThat(later).isNotDone();

        write("ann", 6, "0:43");
        advance("0:43");
        room.look();
        assertThat(value(later)).as("read after the frontier").isEqualTo(6);
        assertThat(room.size()).isZero();
    }

    @Test
    void waitsForRowsAndNotForTheFrontierAlone() throws Exception {
        store.put(Epoch.byHand(PAGES, EPOCH), List.of(row("ann", 5, "0:50,1:6")));
        store.advance(PAGES, 0, null, part(2 * EPOCH, "0:40,1:8"));
        CompletableFuture<List<OnlineRow>> answer = ask("ann", 1, 8, 100);
        room.look();
        assertThat(answer)
                .as("the row of the former run refuses those of this one")
                .isNotDone();

        store.put(Epoch.byHand(PAGES, 2 * EPOCH), List.of(row("ann", 6, "0:50,1:8")));
        nanos.addAndGet(Duration.ofMillis(20).toNanos());
        room.look();
        assertThat(value(answer)).isEqualTo(6);
    }

    @Test
    void readsRowsEverMoreSeldomThatLagBehindTheFrontier() {
        AtomicInteger reads = new AtomicInteger();
        OnlineStore counting = WatchedStore.of(store, (method, arguments) -> {
            if (method.equals("find")) {
                reads.incrementAndGet();
            }
        });
        store.put(Epoch.byHand(PAGES, EPOCH), List.of(row("ann", 5, "0:50,1:6")));
        store.advance(PAGES, 0, null, part(2 * EPOCH, "0:40,1:8"));
        try (WaitingRoom shared = new WaitingRoom(counting, READS, Runnable::run, nanos::get)) {
            CompletableFuture<List<OnlineRow>> answer = shared.rows(query("ann", 1, 8), Duration.ofMillis(600));
            for (int i = 0; i < 600; i += 10) {
                shared.look();
                nanos.addAndGet(Duration.ofMillis(10).toNanos());
            }
            // At 0, 10, 30, 70, 150, 310 and 470 ms.
            assertThat(reads).hasValue(7);
            shared.look();
            assertThat(answer).isCompletedExceptionally();
        }
    }

    @Test
    void aReadThatTakesLongHoldsUpNobodyElse() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        AtomicInteger readsOfBig = new AtomicInteger();
        OnlineStore slowForBig = WatchedStore.of(store, (method, arguments) -> {
            if (method.equals("find") && arguments.contains("big") && readsOfBig.incrementAndGet() > 1) {
                begun.countDown();
                goesOn.await();
            }
        });
        write("big", 5, "0:41");
        ExecutorService readers = Executors.newFixedThreadPool(2);
        try (WaitingRoom shared = new WaitingRoom(slowForBig, READS, readers, nanos::get)) {
            CompletableFuture<List<OnlineRow>> big = shared.rows(query("big", 0, 42), Duration.ofMillis(200));
            CompletableFuture<List<OnlineRow>> small = shared.rows(query("small", 0, 43), Duration.ofMillis(100));
            advance("0:42");
            shared.look();
            begun.await();

            nanos.addAndGet(Duration.ofMillis(100).toNanos());
            shared.look();
            assertThatThrownBy(() -> small.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(ApiException.class);
            assertThat(big).isNotDone();

            goesOn.countDown();
            assertThat(big.get(10, TimeUnit.SECONDS)).hasSize(1);
            assertThat(readsOfBig).as("one read at a time").hasValue(2);
        } finally {
            readers.shutdownNow();
        }
    }

    @Test
    void waitsOnlyForThePartitionsThatTheRowsLack() throws Exception {
        write("ann", 5, "0:1234");
        advance("0:1200,1:70");
        CompletableFuture<List<OnlineRow>> answer = room.rows(query("ann", "\"0\": 1234, \"1\": 77"), SECOND);
        CompletableFuture<List<OnlineRow>> late = room.rows(query("ann", "\"0\": 1234, \"1\": 99"), SECOND);
        advance("0:1200,1:80");
        room.look();
        assertThat(value(answer)).isEqualTo(5);

        nanos.addAndGet(SECOND.toNanos());
        room.look();
        assertThatThrownBy(late::get).cause().isInstanceOfSatisfying(ApiException.class, lag -> assertThat(lag.behind())
                .containsExactly(new ApiException.Lag("pages@2", "wiki-edits", 1, 99, 80L)));
    }

    @Test
    void saysWhatIsMissingWhenTheTimeIsOver() {
        write("ann", 5, "0:41");
        advance("0:41");
        CompletableFuture<List<OnlineRow>> answer = ask("ann", 42, 100);
        nanos.addAndGet(Duration.ofMillis(100).toNanos() - 1);
        room.look();
        assertThat(answer).isNotDone();

        nanos.incrementAndGet();
        room.look();
        assertThatThrownBy(answer::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(ApiException.class, late -> {
                    assertThat(late.status()).isEqualTo(504);
                    assertThat(late.detail())
                            .contains(
                                    "after 100 ms",
                                    "pages@2 lacks record 42 of partition 0 of wiki-edits",
                                    "up to 41.");
                    assertThat(late.behind())
                            .containsExactly(new ApiException.Lag("pages@2", "wiki-edits", 0, 42, 41L));
                });
        assertThat(room.size()).isZero();
    }

    @Test
    void looksAtTheRowsOnceMoreWhenTheTimeIsOver() throws Exception {
        CompletableFuture<List<OnlineRow>> answer = ask("ann", 42, 100);
        write("ann", 6, "0:42");
        nanos.addAndGet(Duration.ofMillis(100).toNanos());
        room.look();

        assertThat(value(answer)).isEqualTo(6);
    }

    @Test
    void aRowThatCannotBeReadFailsNobodyElse() throws Exception {
        write("ann", 5, "0:41");
        AtomicBoolean damaged = new AtomicBoolean();
        OnlineStore damagedForBob = WatchedStore.of(store, (method, arguments) -> {
            if (damaged.get() && method.equals("find") && arguments.contains("bob")) {
                throw new OnlineStoreException("The row of bob is damaged.", new IllegalArgumentException());
            }
        });
        try (WaitingRoom shared = new WaitingRoom(damagedForBob, READS, Runnable::run, nanos::get)) {
            CompletableFuture<List<OnlineRow>> ann = shared.rows(query("ann", 0, 42), Duration.ofMillis(100));
            CompletableFuture<List<OnlineRow>> bob = shared.rows(query("bob", 0, 42), Duration.ofMillis(100));
            damaged.set(true);
            advance("0:42");
            shared.look();

            assertThat(bob).isCompletedExceptionally();
            assertThat(value(ann)).isEqualTo(5);
        }
    }

    /** Such as that the heap is full; the next look may find it otherwise. */
    @Test
    void goesOnAfterAnError() throws Exception {
        write("ann", 5, "0:41");
        AtomicBoolean broken = new AtomicBoolean();
        OnlineStore breaking = WatchedStore.of(store, (method, arguments) -> {
            if (broken.get()) {
                throw new LinkageError("broken");
            }
        });
        try (WaitingRoom shared = new WaitingRoom(breaking, READS, Runnable::run, nanos::get)) {
            CompletableFuture<List<OnlineRow>> before = shared.rows(query("ann", 0, 42), Duration.ofMillis(100));
            broken.set(true);
            shared.look();
            assertThatThrownBy(before::get).hasCauseInstanceOf(LinkageError.class);

            broken.set(false);
            CompletableFuture<List<OnlineRow>> after = shared.rows(query("ann", 0, 42), Duration.ofMillis(100));
            advance("0:42");
            shared.look();
            assertThat(value(after)).isEqualTo(5);
        }
    }

    @Test
    void hasRoomForSoMany() {
        for (int i = 0; i < WaitingRoom.SEATS; i++) {
            ask("ann", 42, 100);
        }
        assertThatThrownBy(() -> ask("ann", 42, 100))
                .isInstanceOfSatisfying(
                        ApiException.class, full -> assertThat(full.status()).isEqualTo(503));

        nanos.addAndGet(Duration.ofMillis(100).toNanos());
        room.look();
        assertThat(ask("ann", 42, 100)).isNotDone();
    }

    @Test
    void nobodyWaitsInAClosedRoom() throws Exception {
        write("ann", 5, "0:41");
        CompletableFuture<List<OnlineRow>> before = ask("ann", 42, 100);
        room.close();

        assertThatThrownBy(before::get).hasCauseInstanceOf(ApiException.class);
        assertThatThrownBy(() -> ask("ann", 42, 100))
                .isInstanceOfSatisfying(ApiException.class, closed -> assertThat(closed.status())
                        .isEqualTo(503));
        assertThat(value(ask("ann", 41, 100))).isEqualTo(5);
    }

    private CompletableFuture<List<OnlineRow>> ask(String user, long offset, long millis) {
        return ask(user, 0, offset, millis);
    }

    private CompletableFuture<List<OnlineRow>> ask(String user, int partition, long offset, long millis) {
        return room.rows(query(user, partition, offset), Duration.ofMillis(millis));
    }

    private static OnlineQuery query(String user, int partition, long offset) {
        return query(user, "\"" + partition + "\": " + offset);
    }

    private static OnlineQuery query(String user, String offsets) {
        String body = "{\"features\": [\"pages@2:added\"], \"entities\": {\"user\": [\"" + user
                + "\"]}, \"wait_for\": {\"offsets\": {\"wiki-edits\": {" + offsets + "}}}}";
        OnlineRequest request = OnlineRequest.parse(body.getBytes(StandardCharsets.UTF_8));
        return OnlineQuery.of(request, CATALOG);
    }

    private static long value(CompletableFuture<List<OnlineRow>> answer) throws Exception {
        assertThat(answer).isDone();
        return (Long) answer.get().get(0).row().values().get(0);
    }

    private void write(String user, long value, String position) {
        store.put(Epoch.byHand(PAGES, EPOCH), List.of(row(user, value, position)));
    }

    private static OnlineWrite row(String user, long value, String position) {
        FeatureRow row = new FeatureRow(List.of(value), value + 1, FeatureRow.NEVER, value);
        return new OnlineWrite(PAGES, JoinKeys.encode(PAGES.entity(), List.of(user)), row, LogPosition.parse(position));
    }

    private void advance(String reached) {
        store.advance(PAGES, 0, null, part(EPOCH, reached));
    }

    private static FrontierPart part(long epoch, String reached) {
        return new FrontierPart(epoch, 1, LogPosition.parse(reached), LogPosition.NONE);
    }
}
