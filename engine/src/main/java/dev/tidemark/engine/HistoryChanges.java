package dev.tidemark.engine;

/** Takes what a late event changes in rows that were settled before. */
public interface HistoryChanges {
    /** A row that is new or has other values than before. */
    void write(FeatureRow row);

    /**
     * A row is no change point any more.
     *
     * @param validFrom the row's, epoch milliseconds
     */
    void remove(long validFrom);
}
