package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

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

    /**
     * Lets a writer of a view version in and shuts out whom it replaces; see {@link Fence}. Entering again gives the same epoch.
     *
     * @throws FencedException if the writer was replaced itself
     */
    Epoch enter(FeatureView view, Writer writer);

    /**
     * Writes and deletes rows of one view, all of them or none. A row with the same entity and valid_from is replaced, unless a
     * later epoch wrote it; of several writes of one row the last counts.
     *
     * @throws FencedException if the epoch is over; nothing was written
     * @throws IllegalArgumentException if a row is of another view than the epoch
     */
    void write(Epoch epoch, List<HistoryWrite> writes);

    /**
     * Forgets old rows, whole months (UTC) at a time, so that some rows stay for up to a month longer.
     *
     * @param horizon months that end at or before it go
     * @return how many parts of the history went
     */
    int forget(FeatureView view, Instant horizon);

    /** The rows of an entity, by ascending valid_from. */
    List<FeatureRow> rows(FeatureView view, String key);

    /** The row that holds at an instant: the latest whose valid_from is not after it. */
    Optional<FeatureRow> rowAt(FeatureView view, String key, Instant instant);

    /**
     * Hands over every row of a view version, each entity's rows together and by ascending valid_from. The rows are read a few at
     * a time, as they were when this was called.
     *
     * @param rows takes an entity, as {@link dev.tidemark.engine.JoinKeys} writes it, and one of its rows
     */
    void scan(FeatureView view, BiConsumer<String, FeatureRow> rows);

    /**
     * Up to which instant, epoch milliseconds, the jobs of a view version have said that every settled row is in the history; null if none
     * has said anything yet.
     */
    @Nullable
    Long settled(FeatureView view);

    /** How many rows of a view version are kept. */
    long count(FeatureView view);

    /** How many rows of all views are kept. */
    long countAll();
}
