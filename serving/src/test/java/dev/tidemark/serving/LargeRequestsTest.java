package dev.tidemark.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LargeRequestsTest {
    private final LargeRequests requests = new LargeRequests();

    @Test
    void hasRoomForSoMany() {
        List<Runnable> ends = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ends.add(requests.begin(OnlineQuery.MAX_VALUES));
        }
        assertThatThrownBy(() -> requests.begin(LargeRequests.SMALL + 1))
                .isInstanceOfSatisfying(
                        ApiException.class, full -> assertThat(full.status()).isEqualTo(503));
        requests.begin(LargeRequests.SMALL).run();

        ends.get(0).run();
        requests.begin(OnlineQuery.MAX_VALUES).run();
    }

    /** Such as one with long keys for many views. */
    @Test
    void letsOneThatIsLargerThanAllRunAlone() {
        Runnable end = requests.begin(100L * OnlineQuery.MAX_VALUES);
        assertThatThrownBy(() -> requests.begin(OnlineQuery.MAX_VALUES)).isInstanceOf(ApiException.class);

        end.run();
        requests.begin(OnlineQuery.MAX_VALUES).run();
    }
}
