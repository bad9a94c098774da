package dev.tidemark.jobs;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.ingest.IngestOperator;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.EventBundle;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.RowUpdate;
import dev.tidemark.jobs.record.SourceRecord;
import dev.tidemark.jobs.view.BundleOperator;
import dev.tidemark.jobs.view.FeatureOperator;
import dev.tidemark.jobs.view.ViewOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.OutputTag;

/**
 * The topology, the same on a cluster, in the sandbox and on files:
 *
 * <pre>
 * source -> ingest -+-> bundle -> view (by entity) -+-> online store
 *                   |                               +-> history
 *                   |                               +-> dead letters
 *                   +-> dead letters
 * </pre>
 *
 * <p>Uids are made of the names and versions of definitions, so that state is found again after views were added or removed.
 */
public final class FeaturePipeline {
    private final Definitions definitions;
    private final SourceProvider sources;
    private final SinkProvider sinks;
    private final ViewOptions options;
    private final Duration bundle;

    /** A pipeline for all views of a set of definitions, without bundles; sources without a view are left out. */
    public FeaturePipeline(Definitions definitions, SourceProvider sources, SinkProvider sinks, ViewOptions options) {
        this(definitions, sources, sinks, options, Duration.ZERO);
    }

    /**
     * A pipeline that bundles the events of an entity.
     *
     * @param bundle how long an event may wait for others of its entity; zero for no bundles
     */
    public FeaturePipeline(
            Definitions definitions, SourceProvider sources, SinkProvider sinks, ViewOptions options, Duration bundle) {
        this.definitions = definitions;
        this.sources = sources;
        this.sinks = sinks;
        this.options = options;
        this.bundle = bundle;
    }

    /**
     * Adds the topology to an environment and sets what it needs there.
     *
     * @throws JobSetupException if a format cannot be read or a view cannot be computed yet, or there is no view; it lists every problem
     */
    public void addTo(StreamExecutionEnvironment environment) throws JobSetupException {
        SetupCheck.check(definitions);
        PipelineSettings.apply(environment);
        for (Source source : definitions.sources()) {
            List<FeatureView> views = viewsOf(source, definitions);
            if (!views.isEmpty()) {
                addSource(environment, source, views);
            }
        }
    }

    /** The views that are computed together from a source. */
    static List<FeatureView> viewsOf(Source source, Definitions definitions) {
        return definitions.views().stream()
                .filter(view -> view.source().name().equals(source.name()))
                .toList();
    }

    private void addSource(StreamExecutionEnvironment environment, Source source, List<FeatureView> views) {
        List<OutputTag<KeyedEvent>> outputs = views.stream()
                .map(view -> new OutputTag<>(view.id(), KeyedEvent.TYPE))
                .toList();
        SingleOutputStreamOperator<SourceRecord> records =
                named(sources.records(environment, source, views).returns(SourceRecord.TYPE), "source", source.name());
        List<Optional<Sink<RowUpdate>>> online =
                views.stream().map(sinks::online).toList();
        List<OutputTag<KeyedEvent>> followers = IntStream.range(0, views.size())
                .filter(i -> online.get(i).isPresent())
                .mapToObj(outputs::get)
                .toList();
        IngestOperator operator = new IngestOperator(source, outputs, followers);
        SingleOutputStreamOperator<DeadLetter> ingest = named(
                        records.transform("ingest", DeadLetter.TYPE, operator), "ingest", source.name())
                .setParallelism(records.getParallelism());
        List<DataStream<DeadLetter>> deadLetters = new ArrayList<>();
        for (int i = 0; i < views.size(); i++) {
            deadLetters.add(addView(views.get(i), ingest.getSideOutput(outputs.get(i)), online.get(i)));
        }
        DataStream<DeadLetter> all = ingest.union(deadLetters.toArray(DataStream[]::new));
        String sink = "dead-letters-" + source.name();
        all.sinkTo(sinks.deadLetters(source)).name(sink).uid(sink).setParallelism(1);
    }

    /** Adds a view and returns its dead letters. */
    private DataStream<DeadLetter> addView(
            FeatureView view, DataStream<KeyedEvent> events, Optional<Sink<RowUpdate>> online) {
        OutputTag<RowUpdate> settled = new OutputTag<>("settled", RowUpdate.TYPE);
        OutputTag<DeadLetter> deadLetters = new OutputTag<>("dead-letters", DeadLetter.TYPE);
        // In the thread of the ingest, so that the events of one partition stay in order.
        SingleOutputStreamOperator<EventBundle> bundles = named(
                        events.transform("bundle", EventBundle.TYPE, new BundleOperator(bundle)), "bundle", view.id())
                .setParallelism(events.getParallelism());
        SingleOutputStreamOperator<RowUpdate> rows = named(
                bundles.keyBy(EventBundle::key, Types.STRING)
                        .transform(
                                "view",
                                RowUpdate.TYPE,
                                new FeatureOperator(
                                        view,
                                        options,
                                        online.isPresent(),
                                        sinks.onlineLoss(view).orElse(null),
                                        settled,
                                        deadLetters)),
                "view",
                view.id());
        // The online sink shares the view's thread: a row is on its way without another hop.
        online.ifPresent(sink -> {
            String name = "online-" + view.id();
            rows.sinkTo(sink).name(name).uid(name);
        });
        // History has a thread of its own, so that a slow database does not make fresh rows wait for each batch.
        String name = "history-" + view.id();
        rows.getSideOutput(settled)
                .sinkTo(sinks.history(view))
                .name(name)
                .uid(name)
                .disableChaining();
        return rows.getSideOutput(deadLetters);
    }

    private static <T> SingleOutputStreamOperator<T> named(
            SingleOutputStreamOperator<T> operator, String role, String definition) {
        String name = role + "-" + definition;
        return operator.name(name).uid(name);
    }
}
