package dev.tidemark.benchmarks;

import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;

/** The events as a job of the DataStream API would have them: key and amount. */
record PlainEvents() implements GeneratedEvents.MakerFactory<Tuple2<String, Double>> {
    static final TypeInformation<Tuple2<String, Double>> TYPE = Types.TUPLE(Types.STRING, Types.DOUBLE);

    @Override
    public GeneratedEvents.Maker<Tuple2<String, Double>> create(Workload workload) {
        String[] keys =
                IntStream.range(0, workload.keys()).mapToObj(Workload::key).toArray(String[]::new);
        return (number, key, time) -> Tuple2.of(keys[key], Workload.amount(number));
    }
}
