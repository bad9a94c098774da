package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Every row of every entity in every view version. Entities are given as {@link dev.tidemark.engine.JoinKeys} writes them. The
 * history does not keep when a row would end without a further event: {@code validUntil} of what it gives back is
 * {@link FeatureRow#NEVER}.
 *
 * <p>All methods throw {@link PostgresException} if the database does not do what it is asked, and
 * {@link IllegalArgumentException} for a key that does not fit the view's entity.
 */
public interface HistoryStore {

    /** Makes place for the rows of a view version, where there is none yet. */
    void create(FeatureView view);

    /** Writes rows, all of them or none; a row with the same entity and valid_from is replaced. */
    void write(List<HistoryWrite> writes);

    /** The rows of an entity, by ascending valid_from. */
    List<FeatureRow> rows(FeatureView view, String key);

    /** The row that holds at an instant: the latest whose valid_from is not after it. */
    Optional<FeatureRow> rowAt(FeatureView view, String key, Instant instant);

    /** How many rows of a view version are kept. */
    long count(FeatureView view);

    /** How many rows of all views are kept. */
    long countAll();
}
