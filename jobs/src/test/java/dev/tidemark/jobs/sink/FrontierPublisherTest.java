package dev.tidemark.jobs.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.Frontier;
import dev.tidemark.stores.InMemoryOnlineStore;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrontierPublisherTest {
    private static final FeatureView VIEW = TestViews.byCard(TestViews.payments("payments"));

    private final InMemoryOnlineStore store = new InMemoryOnlineStore();

    @Test
    void saysHowFarTheLeastOfTheWritersIs() {
        FrontierPublisher one = publisher(1, 0, 2);
        FrontierPublisher other = publisher(1, 1, 2);
        say(one, "");
        say(other, "");
        say(one, "0:5");
        assertThat(covers("0:5")).isFalse();

        say(other, "0:3");
        assertThat(covers("0:3")).isTrue();
        assertThat(covers("0:4")).isFalse();
        assertThat(one.isDue()).isFalse();
    }

    @Test
    void goesOnFromWhereItsPredecessorStopped() {
        say(publisher(1, 0, 1), "");
        FrontierPublisher restarted = publisher(2, 0, 1);
        say(restarted, "0:7");

        assertThat(covers("0:7"))
                .as("read before the restart, and still in the store")
                .isTrue();
    }

    @Test
    void doesNotVouchForRowsThatTheStoreLost() {
        FrontierPublisher publisher = publisher(1, 0, 1);
        say(publisher, "");
        say(publisher, "0:5,1:2");
        assertThat(covers("0:5")).isTrue();

        store.clear();
        say(publisher, "0:8,1:2");

        assertThat(covers("0:5")).isFalse();
        assertThat(covers("0:8,1:2")).isFalse();
        assertThat(covers("0:6")).isTrue();
        say(publisher, "0:9,1:3");
        assertThat(covers("0:5")).as("for good").isFalse();
        assertThat(covers("0:9,1:3")).isTrue();
    }

    @Test
    void doesNotVouchForRowsOfBeforeItsStartIfTheStoreIsEmpty() {
        FrontierPublisher restored = publisher(2, 0, 1);
        say(restored, "0:7");
        say(restored, "0:9");

        assertThat(covers("0:7")).isFalse();
        assertThat(covers("0:8")).isTrue();
    }

    private void say(FrontierPublisher publisher, String position) {
        publisher.reach(LogPosition.parse(position));
        publisher.publish();
    }

    private boolean covers(String position) {
        Frontier frontier = store.frontiers(List.of(VIEW)).get(0);
        return frontier.covers(LogPosition.parse(position));
    }

    private FrontierPublisher publisher(long run, int member, int writers) {
        return new FrontierPublisher(VIEW, Epoch.byHand(VIEW, run << 20), store, member, writers);
    }
}
