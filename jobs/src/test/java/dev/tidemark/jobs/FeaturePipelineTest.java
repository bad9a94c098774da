package dev.tidemark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.record.SourceRecord;
import dev.tidemark.jobs.view.ViewOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;

/** What runs in which thread. */
class FeaturePipelineTest {
    @Test
    void collectsBundlesInTheThreadOfTheIngest() throws JobSetupException {
        Source source = TestViews.payments("payments");
        FeatureView cards = TestViews.byCard(source);
        FeatureView merchants = TestViews.byMerchant(source);
        Definitions definitions = TestViews.definitions(source, cards, merchants);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(3);
        new FeaturePipeline(
                        definitions,
                        (env, from, views) -> env.fromData(SourceRecord.TYPE, refused())
                                .setParallelism(1)
                                .map(record -> record, SourceRecord.TYPE)
                                .setParallelism(2),
                        new Nothing(),
                        new ViewOptions(true, false),
                        Duration.ofMillis(5))
                .addTo(environment);

        List<JobVertex> tasks = StreamSupport.stream(
                        environment.getStreamGraph().getJobGraph().getVertices().spliterator(), false)
                .toList();

        assertThat(tasks)
                .filteredOn(task -> task.getName().contains("ingest-"))
                .singleElement()
                .satisfies(task -> {
                    assertThat(task.getName()).contains("bundle-" + cards.id(), "bundle-" + merchants.id());
                    assertThat(task.getName()).doesNotContain("view-");
                    assertThat(task.getParallelism()).isEqualTo(2);
                });
        assertThat(tasks)
                .filteredOn(task -> task.getName().contains("view-"))
                .hasSize(2)
                .allSatisfy(task -> assertThat(task.getParallelism()).isEqualTo(3));
    }

    private static SourceRecord refused() {
        return new SourceRecord("payments", 0, 0, 0, 0, null, List.of(), 0, null);
    }

    private static final class Nothing implements SinkProvider {
        @Override
        public Optional<Sink<RowUpdate>> online(FeatureView view) {
            return Optional.of(new DiscardingSink<>());
        }

        @Override
        public Sink<RowUpdate> history(FeatureView view) {
            return new DiscardingSink<>();
        }

        @Override
        public Sink<DeadLetter> deadLetters(Source source) {
            return new DiscardingSink<>();
        }
    }
}
