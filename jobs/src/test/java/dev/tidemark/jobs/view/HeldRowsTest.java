package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.util.function.RunnableWithException;
import org.junit.jupiter.api.Test;

/** {@link HeldRows} with a state in memory and a clock that the test moves on. */
class HeldRowsTest {
    private final Chunks chunks = new Chunks();
    private final Clock clock = new Clock();
    private final Released released = new Released();

    @Test
    void whatCameBeforeACheckpointLeavesWhenItIsComplete() throws Exception {
        HeldRows held = begin(0);
        held.hold("a", row(1));
        held.begin(1, 10);
        held.hold("a", row(2));
        held.hold("b", row(3));
        held.completed(1);
        clock.pass(10_000);
        assertThat(released.said).containsExactly("a 1", "settled 10");

        held.begin(2, 20);
        held.begin(3, 30); // The second failed.
        clock.pass(10_000);
        held.completed(3);
        clock.pass(10_000);
        assertThat(released.said.subList(2, 5)).containsExactlyInAnyOrder("a 2", "b 3", "settled 30");
        assertThat(held.entities()).isZero();
        assertThat(chunks.byKey).isEmpty();
    }

    @Test
    void aJobThatGoesOnSaysItAgain() throws Exception {
        HeldRows crashed = begin(0);
        crashed.hold("a", new Held.Refused(5, 2, 7));
        crashed.hold("a", new Held.Row(4, null));
        crashed.begin(1, 10);

        HeldRows next = begin(1);
        next.hold("a", row(6));
        next.begin(2, 20);
        clock.pass(10_000);
        assertThat(released.said).containsExactly("a refused 2:7", "a 4 deleted");
    }

    @Test
    void aReleaseTakesUpToHalfOfTheTimeBetweenCheckpoints() throws Exception {
        HeldRows held = begin(0);
        held.begin(1, 10);
        held.completed(1);
        clock.pass(4_000);
        hold(10_000, held);
        held.begin(2, 20);
        held.completed(2);
        clock.pass(1_000);
        assertThat(released.said.size()).isBetween(4_900, 5_300);
        clock.pass(1_000);
        assertThat(released.said).hasSize(10_002).endsWith("settled 20");
    }

    @Test
    void aReleaseWaitsForAHistoryThatDoesNotKeepUp() throws Exception {
        HeldRows held = begin(0);
        hold(1_000, held);
        held.begin(1, 10);
        held.completed(1);
        clock.pass(100);
        released.keepsUp = false;
        int before = released.said.size();
        clock.pass(50_000);
        assertThat(released.said).hasSize(before);
        released.keepsUp = true;
        clock.pass(1_000);
        assertThat(released.said).hasSize(1_001);
    }

    @Test
    void aHistoryThatStillDoesNotKeepUpAfterAMinuteHoldsUpEverything() throws Exception {
        HeldRows held = begin(0);
        hold(1_000, held);
        held.begin(1, 10);
        held.completed(1);
        released.keepsUp = false;
        clock.pass(59_000);
        assertThat(released.said).isEmpty();
        clock.pass(2_000);
        assertThat(released.said).hasSize(1_001);
    }

    @Test
    void aStopWithASavepointReleasesEverythingAtOnce() throws Exception {
        HeldRows held = begin(0);
        hold(1_000, held);
        held.begin(1, 10);
        held.completed(1);
        held.begin(2, 20);
        released.keepsUp = false;
        held.stopped(2);
        assertThat(released.said).hasSize(1_001).endsWith("settled 20");
    }

    @Test
    void whatCameAWhileAgoIsInTheStateBeforeACheckpointBegins() throws Exception {
        HeldRows held = begin(0);
        hold(1_000, held);
        clock.pass(900);
        held.writeSome();
        assertThat(chunks.byKey).isEmpty();
        clock.pass(100);
        held.hold("late", row(1));
        held.writeSome();
        assertThat(chunks.byKey).hasSize(10);
        for (int i = 0; i < 200; i++) {
            held.writeSome();
        }
        assertThat(chunks.byKey).hasSize(1_000).doesNotContainKey("late");
        held.begin(1, 10);
        assertThat(chunks.byKey).hasSize(1_001);
    }

    private static void hold(int entities, HeldRows held) {
        for (int entity = 0; entity < entities; entity++) {
            held.hold("e" + entity, row(entity));
        }
    }

    @Test
    void theEndReleasesEverything() throws Exception {
        HeldRows held = begin(0);
        held.hold("a", row(1));
        held.begin(1, 10);
        held.hold("a", row(2));
        held.end(Long.MAX_VALUE);
        assertThat(released.said).containsExactly("a 1", "a 2", "settled " + Long.MAX_VALUE);
    }

    @Test
    void memoryHoldsNoMoreThanSomeMegabytes() throws Exception {
        HeldRows held = begin(0);
        for (int i = 0; i < 20; i++) {
            held.hold("a", new Held.Row(i, new byte[1 << 20]));
            chunks.key = "a";
            held.makeRoom("a");
        }
        assertThat(chunks.byKey.get("a")).hasSize(2);
        held.begin(1, 10);
        held.completed(1);
        clock.pass(10_000);
        assertThat(released.said).hasSize(21).startsWith("a 0", "a 1").endsWith("a 19", "settled 10");
    }

    @Test
    void aRowThatIsCorrectedManyTimesIsHeldOnce() throws Exception {
        HeldRows held = begin(0);
        held.hold("a", row(1));
        held.hold("a", new Held.Refused(5, 2, 7));
        for (int i = 0; i < 10_000; i++) {
            held.hold("a", new Held.Row(1, new byte[10_000]));
            held.makeRoom("a");
        }
        assertThat(chunks.byKey)
                .as("what is in the state though little is held")
                .isEmpty();
        held.hold("a", row(3));
        held.begin(1, 10);
        assertThat(chunks.byKey.get("a"))
                .singleElement()
                .satisfies(chunk -> assertThat(Held.Chunk.decode(chunk).items()).hasSize(3));

        held.hold("a", new Held.Row(1, null));
        held.begin(2, 20);
        held.completed(2);
        clock.pass(10_000);
        assertThat(released.said).containsExactly("a refused 2:7", "a 3", "a 1 deleted", "settled 20");
    }

    private HeldRows begin(long restored) {
        return new HeldRows(chunks, key -> chunks.key = key, clock, released, chunks.byKey.keySet().stream(), restored);
    }

    private static Held row(long validFrom) {
        return new Held.Row(validFrom, new byte[] {1});
    }

    private static final class Released implements HeldRows.Outlet {
        private final List<String> said = new ArrayList<>();
        private boolean keepsUp = true;

        @Override
        public void release(String key, Collection<Held> items) {
            items.forEach(item -> said.add(key + " " + text(item)));
        }

        private static String text(Held item) {
            return item instanceof Held.Refused event
                    ? "refused " + event.partition() + ":" + event.offset()
                    : ((Held.Row) item).validFrom() + (((Held.Row) item).row() == null ? " deleted" : "");
        }

        @Override
        public boolean keepsUp() {
            return keepsUp;
        }

        @Override
        public void settled(long watermark) {
            said.add("settled " + watermark);
        }
    }

    private static final class Chunks implements ListState<byte[]> {
        private final Map<String, List<byte[]>> byKey = new HashMap<>();
        private String key = "";

        @Override
        public Iterable<byte[]> get() {
            return List.copyOf(byKey.getOrDefault(key, List.of()));
        }

        @Override
        public void add(byte[] chunk) {
            byKey.computeIfAbsent(key, none -> new ArrayList<>()).add(chunk);
        }

        @Override
        public void update(List<byte[]> values) {
            byKey.put(key, new ArrayList<>(values));
        }

        @Override
        public void addAll(List<byte[]> values) {
            values.forEach(this::add);
        }

        @Override
        public void clear() {
            byKey.remove(key);
        }
    }

    /** Stands still until the test moves it on. */
    private static final class Clock implements TaskClock {
        private final NavigableMap<Long, List<RunnableWithException>> actions = new TreeMap<>();
        private long now = 1_000_000;

        void pass(long millis) throws Exception {
            long until = now + millis;
            while (!actions.isEmpty() && actions.firstKey() <= until) {
                now = actions.firstKey();
                for (RunnableWithException action : actions.remove(now)) {
                    action.run();
                }
            }
            now = until;
        }

        @Override
        public long now() {
            return now;
        }

        @Override
        public void after(long millis, RunnableWithException action) {
            actions.computeIfAbsent(now + millis, none -> new ArrayList<>()).add(action);
        }
    }
}
