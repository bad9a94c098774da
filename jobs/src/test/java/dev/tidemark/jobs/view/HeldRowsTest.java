package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.util.function.ThrowingRunnable;
import org.junit.jupiter.api.Test;

/** {@link HeldRows} with a state in memory and a mailbox that the test empties. */
class HeldRowsTest {
    private final Chunks chunks = new Chunks();
    private final Mailbox mailbox = new Mailbox();
    private final Released released = new Released();

    @Test
    void whatCameBeforeACheckpointLeavesWhenItIsComplete() throws Exception {
        HeldRows held = begin(0);
        held.hold("a", row(1));
        held.begin(1, 10);
        held.hold("a", row(2));
        held.hold("b", row(3));
        held.completed(1);
        mailbox.empty();
        assertThat(released.said).containsExactly("a 1", "settled 10");

        held.begin(2, 20);
        held.begin(3, 30); // The second failed.
        mailbox.empty();
        held.completed(3);
        mailbox.empty();
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
        mailbox.empty();
        assertThat(released.said).containsExactly("a refused 2:7", "a 4 deleted");
    }

    @Test
    void aStopWithASavepointReleasesEverythingBeforeTheMailboxCloses() throws Exception {
        HeldRows held = begin(0);
        for (int entity = 0; entity < 1_000; entity++) {
            held.hold("e" + entity, row(entity));
        }
        held.begin(1, 10);
        held.completed(1);
        mailbox.closed = true;
        mailbox.empty();
        assertThat(released.said).hasSize(1_001).endsWith("settled 10");
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
        mailbox.empty();
        assertThat(released.said).hasSize(21).startsWith("a 0", "a 1").endsWith("a 19", "settled 10");
    }

    private HeldRows begin(long restored) throws Exception {
        return new HeldRows(
                chunks, key -> chunks.key = key, mailbox, released, chunks.byKey.keySet().stream(), restored);
    }

    private static Held row(long validFrom) {
        return new Held.Row(validFrom, new byte[] {1});
    }

    private static final class Released implements HeldRows.Outlet {
        private final List<String> said = new ArrayList<>();

        @Override
        public void release(String key, List<Held> items) {
            items.forEach(item -> said.add(key + " " + text(item)));
        }

        private static String text(Held item) {
            return item instanceof Held.Refused event
                    ? "refused " + event.partition() + ":" + event.offset()
                    : ((Held.Row) item).validFrom() + (((Held.Row) item).row() == null ? " deleted" : "");
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

    private static final class Mailbox implements MailboxExecutor {
        private final Queue<ThrowingRunnable<? extends Exception>> mails = new ArrayDeque<>();
        private boolean closed;

        void empty() throws Exception {
            while (!mails.isEmpty()) {
                mails.remove().run();
            }
        }

        @Override
        public void execute(
                MailOptions options, ThrowingRunnable<? extends Exception> command, String format, Object... args) {
            if (closed) {
                throw new RejectedExecutionException();
            }
            mails.add(command);
        }

        @Override
        public void yield() {
            throw new AssertionError("Nobody waits here.");
        }

        @Override
        public boolean tryYield() {
            return false;
        }

        @Override
        public boolean shouldInterrupt() {
            return false;
        }
    }
}
