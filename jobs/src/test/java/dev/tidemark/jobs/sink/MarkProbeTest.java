package dev.tidemark.jobs.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.jobs.view.OnlineLoss.Before;
import dev.tidemark.stores.InMemoryOnlineStore;
import org.junit.jupiter.api.Test;

/** The mark beside the rows of an instance outlives the probes that look at it. */
class MarkProbeTest {
    private static final Before NOTHING_KNOWN = new Before(0, true);

    private final InMemoryOnlineStore store = new InMemoryOnlineStore();

    @Test
    void tellsALossOnce() {
        MarkProbe probe = probe(NOTHING_KNOWN);
        assertThat(probe.happened()).isTrue();
        assertThat(probe.happened()).isFalse();
        store.clear();
        assertThat(probe.happened()).as("while it is being mended").isTrue();
        probe.mended();
        assertThat(probe.happened()).isFalse();
        store.clear();
        assertThat(probe.happened()).isTrue();
    }

    @Test
    void tellsASuccessorWhatIsNotMended() {
        assertThat(probe(NOTHING_KNOWN).happened()).isTrue();
        MarkProbe second = probe(NOTHING_KNOWN);
        assertThat(second.happened()).isTrue();
        second.mended();
        MarkProbe third = probe(NOTHING_KNOWN);
        assertThat(third.happened()).as("what was not written down yet").isTrue();
        third.mended();
        assertThat(third.happened()).isFalse();

        assertThat(probe(new Before(third.count(), true)).happened()).isFalse();
    }

    @Test
    void isNotMendedByOneWhoDoesNotKnowOfTheLastLoss() {
        MarkProbe slow = probe(NOTHING_KNOWN);
        assertThat(slow.happened()).isTrue();
        assertThat(probe(NOTHING_KNOWN).happened()).isTrue();
        slow.mended();
        assertThat(slow.happened()).isTrue();
        assertThat(probe(NOTHING_KNOWN).happened()).isTrue();
    }

    @Test
    void tellsAStoreThatWentBack() {
        MarkProbe probe = whole();
        long before = probe.count();
        assertThat(probe.happened()).isFalse();
        assertThat(probe.count()).isEqualTo(before + 1);

        assertThat(probe(new Before(before + 1, true)).happened()).isFalse();
        assertThat(probe(new Before(before + 5, true)).happened()).isTrue();
    }

    @Test
    void sendsWhatOthersOwedThoughTheMarkIsWhole() {
        whole();
        MarkProbe rescaled = probe(new Before(0, false));
        assertThat(rescaled.happened()).isTrue();
        assertThat(rescaled.happened()).isFalse();
    }

    private MarkProbe whole() {
        MarkProbe probe = probe(NOTHING_KNOWN);
        probe.happened();
        probe.mended();
        assertThat(probe.happened()).isFalse();
        return probe;
    }

    private MarkProbe probe(Before before) {
        return new MarkProbe(store, "payments@1 0", before);
    }
}
