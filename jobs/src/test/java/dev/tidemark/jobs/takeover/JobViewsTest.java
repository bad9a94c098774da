package dev.tidemark.jobs.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.TestViews;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobViewsTest {
    private final Source source = TestViews.payments("payments");
    private final FeatureView cards = TestViews.byCard(source);
    private final FeatureView merchants = TestViews.byMerchant(source);
    private final Definitions all = TestViews.definitions(source, cards, merchants);
    private final List<String> together = List.of(cards.id(), merchants.id());

    @Test
    void aJobsViewsAreTakenFromTheRegistry() throws Exception {
        assertThat(JobViews.beside(cards, together, all)).containsExactly(merchants);
        assertThat(JobViews.beside(cards, List.of(cards.id()), all)).isEmpty();
        // The view itself may come from elsewhere.
        assertThat(JobViews.beside(cards, together, TestViews.definitions(source, merchants)))
                .containsExactly(merchants);
    }

    @Test
    void oneThatIsNotRegisteredDoesNotVanish() {
        assertThatThrownBy(() -> JobViews.beside(cards, together, TestViews.definitions(source, cards)))
                .isInstanceOf(JobSetupException.class)
                .hasMessageContaining("computes " + merchants.id() + " as well, which is not in the registry");
    }

    @Test
    void withoutAJobAllViewsOfTheSourceCount() {
        assertThat(JobViews.ofSource(cards, all)).containsExactly(merchants);
        FeatureView elsewhere = TestViews.byMerchant(new Source(
                "others",
                "others",
                source.format(),
                source.schema(),
                source.eventTime(),
                source.allowedLateness(),
                source.idleTimeout()));
        assertThat(JobViews.ofSource(cards, TestViews.definitions(source, cards, elsewhere)))
                .isEmpty();
    }
}
