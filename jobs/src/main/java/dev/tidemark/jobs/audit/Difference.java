package dev.tidemark.jobs.audit;

import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.LogPosition;
import org.jspecify.annotations.Nullable;

/**
 * Two rows that should be the same and are not, or a row without the other.
 *
 * @param view the view version, as in {@code edits@1}
 * @param key the entity, as {@link dev.tidemark.engine.JoinKeys} writes it
 * @param validFrom the instant of which the rows speak, epoch milliseconds
 * @param found what the audited store has; null if it has nothing
 * @param expected what it should have; null if it should have nothing
 * @param position of the events behind the row, as far as they are known
 */
public record Difference(
        String view,
        String key,
        Kind kind,
        long validFrom,
        @Nullable FeatureRow found,
        @Nullable FeatureRow expected,
        LogPosition position) {

    /** What is wrong, and so where the two rows come from. */
    public enum Kind {
        ONLINE_MISSING("There is no online row.", "online", "expected"),
        ONLINE_BEHIND_HISTORY("The online row is older than the newest history row.", "online", "history"),
        ONLINE_NOT_IN_HISTORY(
                "The history has no row of the online row's instant, which is settled.", "online", "history"),
        ONLINE_DIFFERS_FROM_HISTORY("The online row is not the history row of its instant.", "online", "history"),
        ONLINE_BEHIND_LOG("The online row lacks events of the log.", "online", "replay"),
        ONLINE_DIFFERS_FROM_REPLAY(
                "The online row is not what the events that it knows make at its instant.", "online", "replay"),
        ONLINE_KNOWS_OTHER_EVENTS(
                "The online row's position is not that of events of this entity in the log.", "online", "replay"),
        HISTORY_MISSING("A row is missing from the history.", "history", "replay"),
        HISTORY_EXTRA("The history has a row at which nothing changed.", "history", "replay"),
        HISTORY_DIFFERS_FROM_REPLAY("The history row is not what the log makes at its instant.", "history", "replay");

        private final String sentence;
        private final String foundIn;
        private final String expectedBy;

        Kind(String sentence, String foundIn, String expectedBy) {
            this.sentence = sentence;
            this.foundIn = foundIn;
            this.expectedBy = expectedBy;
        }

        /** For a person. */
        public String sentence() {
            return sentence;
        }

        /** The name of the store that was audited. */
        public String foundIn() {
            return foundIn;
        }

        /** The name of what says otherwise. */
        public String expectedBy() {
            return expectedBy;
        }
    }
}
