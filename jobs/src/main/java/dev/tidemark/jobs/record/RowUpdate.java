package dev.tidemark.jobs.record;

import dev.tidemark.engine.LogPosition;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;

/**
 * A row of one view on its way to a store, or word that history has no such row any more, or of how far the rows have come.
 *
 * @param key the entity's join keys, as {@link dev.tidemark.engine.JoinKeys} writes them
 * @param validFrom the row's valid_from, epoch milliseconds
 * @param row the row, as {@link dev.tidemark.engine.RowCodec} packs it; not to be changed; null if the settled row of this
 *     entity and valid_from is to be deleted, because a correction made it no change point
 * @param position of the events that the row knows; none for a settled row, whose events are those before its valid_from
 * @param producedAt when the record behind a provisional row was produced, epoch milliseconds by the log's clock; 0 if the
 *     row has no record behind it
 */
public record RowUpdate(String key, long validFrom, byte @Nullable [] row, LogPosition position, long producedAt) {
    /** How Flink ships it. */
    public static final TypeInformation<RowUpdate> TYPE = new WireType<>(RowUpdate.class, new RowUpdateSerializer());

    private static final String NO_ENTITY = "";

    /** No row, but word that all rows of the events up to a position lie before it in the stream. */
    public static RowUpdate frontier(LogPosition position) {
        return new RowUpdate(NO_ENTITY, 0, null, position, 0);
    }

    /** Whether this is word of a frontier instead of a row. */
    public boolean isFrontier() {
        return key.equals(NO_ENTITY);
    }

    /** About how many bytes it has: those of the key and of the packed row. */
    public long length() {
        return (long) key.length() + (row == null ? 0 : row.length);
    }

    /** Whether the row is to be deleted. */
    public boolean deletes() {
        return row == null;
    }

    /**
     * The packed row.
     *
     * @throws NullPointerException if this update deletes one
     */
    public byte[] packed() {
        return Objects.requireNonNull(row);
    }
}
