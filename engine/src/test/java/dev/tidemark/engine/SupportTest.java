package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;
import dev.tidemark.engine.oracle.ViewBuilder;
import java.time.Duration;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

final class SupportTest {
    private static final Aggregate RATE = new Aggregate.Rate(Duration.ofHours(1));
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void aRateOverDaysThatDifferInLengthIsRefusedByName() {
        Window civil = new Window.Tumbling(DAY, Window.CivilUnit.DAY, ZoneId.of("Europe/Berlin"));
        FeatureView view = new ViewBuilder().feature(RATE, null, civil).build();

        assertThatExceptionOfType(UnsupportedFeatureException.class)
                .isThrownBy(() -> ViewPlan.of(view))
                .withMessageContaining("feature f0")
                .withMessageContaining("rate over periods with a time_zone");
    }

    @Test
    void aRateOverPeriodsOfOneLengthIsComputed() {
        FeatureView view = new ViewBuilder()
                .feature(RATE, null, new Window.Tumbling(DAY, null, null))
                .build();

        assertThat(ViewPlan.of(view).features()).hasSize(1);
    }

    @Test
    void aggregatesThatAreMadeOfTheSameShareACell() {
        Window window = ViewBuilder.window(60_000, 1_000);
        Window longer = ViewBuilder.window(90_000, 1_000);
        FeatureView view = new ViewBuilder()
                .feature(Aggregate.Plain.SUM, "x", window)
                .feature(Aggregate.Plain.AVG, "x", longer)
                .feature(RATE, "x", window)
                .feature(Aggregate.Plain.STDDEV, "x", window)
                .feature(Aggregate.Plain.VARIANCE_SAMPLE, "x", longer)
                .feature(new Aggregate.TopK(3), "x", window)
                .feature(new Aggregate.Histogram(3), "x", longer)
                .build();

        assertThat(ViewPlan.of(view).lanes()).singleElement().satisfies(lane -> assertThat(lane.cells())
                .isEqualTo(3));
    }
}
