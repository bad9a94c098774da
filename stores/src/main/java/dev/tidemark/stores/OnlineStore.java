package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The newest row of every entity in every view version. Safe for use by many threads. */
public interface OnlineStore extends AutoCloseable {

    /**
     * Writes rows of one view, unless a newer row of their entity is stored: one of a later epoch, or one of an earlier epoch that
     * knows events which this one does not. Of several rows for one entity the last counts.
     *
     * @throws OnlineStoreException if the store did not answer for every row; it may have taken some
     * @throws IllegalArgumentException if a row is of another view than the epoch
     */
    OnlineResult put(Epoch epoch, List<OnlineWrite> writes);

    /**
     * The rows of entities and views of any kind, in one round trip.
     *
     * @return one element per lookup, in their order; null for an entity that was never written
     * @throws OnlineStoreException if the store does not answer, or a row cannot be decoded; it names its key
     */
    default List<@Nullable FeatureRow> get(List<Lookup> lookups) {
        List<@Nullable FeatureRow> rows = new ArrayList<>(lookups.size());
        for (OnlineRow found : find(lookups)) {
            rows.add(found == null ? null : found.row());
        }
        return rows;
    }

    /** As {@link #get(List)}, with what else is known of each row. */
    List<@Nullable OnlineRow> find(List<Lookup> lookups);

    /** As {@link #get(List)}, for several entities of one view. */
    default List<@Nullable FeatureRow> get(FeatureView view, List<String> keys) {
        return get(keys.stream().map(key -> new Lookup(view, key)).toList());
    }

    /**
     * Hands over the row of every entity in a view version that has one from beginning to end, in no order. Rows that come or go meanwhile may be
     * missed, and an entity may come twice, each time with the row that it has then. It looks at every key of the store.
     *
     * @param rows takes an entity, as {@link dev.tidemark.engine.JoinKeys} writes it, and its row
     * @throws OnlineStoreException if the store does not answer, or a row cannot be decoded; it names its key
     */
    void scan(FeatureView view, BiConsumer<String, OnlineRow> rows);

    /**
     * Writes how far one of a view's writers has come, unless something else stands there than what it wrote before.
     *
     * @param member which of the writers, from 0
     * @param before what this writer wrote last; null to write in any case
     * @return whether it was written
     * @throws OnlineStoreException if the store does not answer
     */
    boolean advance(FeatureView view, int member, @Nullable FrontierPart before, FrontierPart part);

    /**
     * How far views have come, in one round trip.
     *
     * @return one element per view, in their order
     * @throws OnlineStoreException if the store does not answer, or what it has cannot be decoded
     */
    List<Frontier> frontiers(List<FeatureView> views);

    /**
     * How many rows are kept, of all views together. It looks at every key: meant for a person who asks, not for every request.
     *
     * @throws OnlineStoreException if the store does not answer
     */
    long size();

    /**
     * Looks at a mark and changes it, in one step. All is well if the mark says what is expected, has a number that is not too small, and
     * was left on this very run of the server: one that was started anew, or took the place of another, may have lost what that one
     * took last. A mark is no row.
     *
     * @return the mark's new number, at least 1; 0 if not all is well
     * @throws OnlineStoreException if the store does not answer; the mark may have been changed
     */
    long mark(MarkLook look);

    /**
     * How the store chooses rows to drop when its memory is full; null if it drops none, or does not tell.
     *
     * @throws OnlineStoreException if the store does not answer
     */
    @Nullable
    String evictionPolicy();

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
