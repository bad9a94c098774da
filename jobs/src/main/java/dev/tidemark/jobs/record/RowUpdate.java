package dev.tidemark.jobs.record;

import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * A row of one view on its way to a store.
 *
 * @param key the entity's join keys, as {@link dev.tidemark.engine.JoinKeys} writes them
 * @param validFrom the row's valid_from, epoch milliseconds
 * @param row the row, as {@link dev.tidemark.engine.RowCodec} packs it; not to be changed
 * @param producedAt when the record behind a provisional row was produced, epoch milliseconds by the log's clock; 0 if the
 *     row has no record behind it
 */
public record RowUpdate(String key, long validFrom, byte[] row, long producedAt) {
    /** How Flink ships it. */
    public static final TypeInformation<RowUpdate> TYPE = new WireType<>(RowUpdate.class, new RowUpdateSerializer());
}
