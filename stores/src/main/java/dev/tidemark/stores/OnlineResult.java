package dev.tidemark.stores;

/**
 * What became of rows that were sent to the online store.
 *
 * @param taken how many are stored now
 * @param behind how many were refused because a row of an older epoch knows more events; it stays until its successor has caught up
 * @param fenced how many were refused because a newer epoch wrote the stored row: their writer was replaced
 */
public record OnlineResult(int taken, int behind, int fenced) {
    static final OnlineResult NOTHING = new OnlineResult(0, 0, 0);

    OnlineResult plus(OnlineResult other) {
        return new OnlineResult(taken + other.taken, behind + other.behind, fenced + other.fenced);
    }
}
