package dev.tidemark.jobs;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.record.SourceRecord;
import java.util.List;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Where the records of sources come from. */
@FunctionalInterface
public interface SourceProvider {
    /**
     * Adds a source to a topology. Its records come with watermarks, each partition's in the order of its log and all of one
     * partition from one instance. The pipeline gives it a name and a uid.
     *
     * @param views the views for which the records are projected, in the order of {@link SourceRecord#events()}
     */
    SingleOutputStreamOperator<SourceRecord> records(
            StreamExecutionEnvironment environment, Source source, List<FeatureView> views);
}
