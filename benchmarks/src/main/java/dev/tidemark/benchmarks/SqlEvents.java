package dev.tidemark.benchmarks;

import java.util.stream.IntStream;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.DoubleType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.VarCharType;

/** The events as Flink SQL has them within, so that nothing has to be converted: key and amount; the time is the record's. */
record SqlEvents() implements GeneratedEvents.MakerFactory<RowData> {
    static final InternalTypeInfo<RowData> TYPE = InternalTypeInfo.ofFields(
            new LogicalType[] {VarCharType.STRING_TYPE, new DoubleType()}, new String[] {"k", "v"});

    /** The table of the events; {@code ts} is their time. */
    static final Schema SCHEMA = Schema.newBuilder()
            .column("k", DataTypes.STRING())
            .column("v", DataTypes.DOUBLE())
            .columnByMetadata("ts", DataTypes.TIMESTAMP_LTZ(3), "rowtime")
            .watermark("ts", "SOURCE_WATERMARK()")
            .build();

    @Override
    public GeneratedEvents.Maker<RowData> create(Workload workload) {
        StringData[] keys = IntStream.range(0, workload.keys())
                .mapToObj(key -> StringData.fromString(Workload.key(key)))
                .toArray(StringData[]::new);
        return (number, key, time) -> GenericRowData.of(keys[key], Workload.amount(number));
    }
}
