package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newest row of every entity in every view version. Safe for use by many threads. */
public interface OnlineStore extends AutoCloseable {

    /**
     * Writes rows; the store has all of them when this returns. Of several rows for one entity and view the last stays.
     *
     * @throws OnlineStoreException if the store did not take every row; it may have taken some
     */
    void put(List<OnlineWrite> writes);

    /**
     * The rows of entities and views of any kind, in one round trip.
     *
     * @return one element per lookup, in their order; null for an entity that was never written
     * @throws OnlineStoreException if the store does not answer, or a row cannot be decoded; it names its key
     */
    List<@Nullable FeatureRow> get(List<Lookup> lookups);

    /** As {@link #get(List)}, for several entities of one view. */
    default List<@Nullable FeatureRow> get(FeatureView view, List<String> keys) {
        return get(keys.stream().map(key -> new Lookup(view, key)).toList());
    }

    /**
     * How many rows are kept, of all views together. It looks at every key: meant for a person who asks, not for every request.
     *
     * @throws OnlineStoreException if the store does not answer
     */
    long size();

    /**
     * Returns if the store answers.
     *
     * @throws OnlineStoreException if not
     */
    void ping();

    @Override
    void close();

    /**
     * What to look up: one entity in one view version.
     *
     * @param key the entity, as {@link dev.tidemark.engine.JoinKeys} writes it
     */
    record Lookup(FeatureView view, String key) {}
}
