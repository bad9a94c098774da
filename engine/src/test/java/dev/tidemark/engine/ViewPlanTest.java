package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Window;
import dev.tidemark.engine.oracle.ViewBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ViewPlanTest {
    private static final Aggregate RATE = new Aggregate.Rate(Duration.ofHours(1));
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void aRateOverPeriodsOfOneLengthIsComputed() {
        FeatureView view = new ViewBuilder()
                .feature(RATE, null, new Window.Tumbling(DAY, null, null))
                .build();

        assertThat(ViewPlan.of(view).windows()).hasSize(1);
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
                .feature(new Aggregate.ApproxPercentile(0.5), "x", window)
                .feature(new Aggregate.ApproxPercentile(0.99), "x", longer)
                .feature(new Aggregate.Ema(0.5), "x", window)
                .feature(new Aggregate.DecayedAvg(DAY), "x", longer)
                .build();

        assertThat(ViewPlan.of(view).lanes()).singleElement().satisfies(lane -> assertThat(lane.cells())
                .isEqualTo(5));
    }
}
