package dev.tidemark.benchmarks;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.data.RowData;

/**
 * A query of Flink SQL over the events, with the planner's own choices.
 *
 * @param query over the table {@code events} of {@link SqlEvents}; its second column tells the time
 * @param operator a part of the name of the operators that aggregate
 * @param time of a row
 */
record SqlJob(String label, String query, String operator, Results.TimeOf<RowData> time) implements Contender {
    private static final String FIVE = "COUNT(v)%1$s, SUM(v)%1$s, AVG(v)%1$s, MIN(v)%1$s, MAX(v)%1$s";

    /** Sliding windows by the table-valued function; a row per key and window. */
    static SqlJob hop(Duration length) {
        String query = "SELECT k, window_end, " + FIVE.formatted("") + " FROM TABLE(HOP(TABLE events, DESCRIPTOR(ts), "
                + interval(Views.STEP) + ", " + interval(length) + "))" + " GROUP BY k, window_start, window_end";
        return new SqlJob("SQL HOP", query, "WindowAggregate", row -> row.getTimestamp(1, 3)
                .getMillisecond());
    }

    /** A window that ends with each event; a row per event. */
    static SqlJob over(Duration length) {
        String query = "SELECT k, ts, " + FIVE.formatted(" OVER w") + " FROM events WINDOW w AS (PARTITION BY k"
                + " ORDER BY ts RANGE BETWEEN " + interval(length) + " PRECEDING AND CURRENT ROW)";
        return new SqlJob(
                "SQL OVER",
                query,
                "OverAggregate",
                row -> row.getTimestamp(1, 3).getMillisecond() + 1);
    }

    @Override
    public Transformation<?> addTo(StreamExecutionEnvironment environment, Workload workload, String run) {
        StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
        tables.getConfig().setLocalTimeZone(ZoneOffset.UTC);
        DataStream<RowData> events = GeneratedEvents.of(environment, workload, new SqlEvents(), SqlEvents.TYPE);
        tables.createTemporaryView("events", events, SqlEvents.SCHEMA);
        Table table = tables.sqlQuery(query);
        DataStream<RowData> rows = tables.toDataStream(
                table, table.getResolvedSchema().toSourceRowDataType().bridgedTo(RowData.class));
        rows.sinkTo(new Results<>(run, time));
        return firstAggregate(rows.getTransformation());
    }

    /** Of operators that aggregate one after the other, as the planner makes them of HOP, the first takes the events. */
    private Transformation<?> firstAggregate(Transformation<?> last) {
        List<Transformation<?>> upstream = last.getTransitivePredecessors();
        return upstream.stream()
                .filter(each -> each.getName().contains(operator))
                .reduce((later, earlier) -> earlier)
                .orElseThrow(() -> new IllegalStateException("No operator of Flink's plan is called " + operator
                        + "; there are "
                        + upstream.stream().map(Transformation::getName).toList() + "."));
    }

    private static String interval(Duration of) {
        return String.format(
                Locale.ROOT,
                "INTERVAL '%d %02d:%02d' DAY TO MINUTE",
                of.toDays(),
                of.toHoursPart(),
                of.toMinutesPart());
    }
}
