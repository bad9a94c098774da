package dev.tidemark.jobs.view;

import java.io.Serializable;

/**
 * Finds out whether the online store has lost rows, as a server without a disk does when it is started anew, and one with a disk that
 * comes back with an older copy.
 */
public interface OnlineLoss extends Serializable {
    /**
     * Begins to look after the rows that one parallel instance of an operator writes.
     *
     * @param instance its number
     * @param before what is known of the store from the state
     */
    Probe open(int instance, Before before);

    /**
     * What a predecessor knew.
     *
     * @param count what {@link Probe#count} said; 0 if unknown
     * @param whole false if rows that an instance owed the store are owed by this one now
     */
    record Before(long count, boolean whole) {}

    /** What one instance asks now and then. */
    interface Probe extends AutoCloseable {
        /**
         * Whether rows may be missing, so that all have to be sent again: because the store lost some since it was asked last, or before that, and
         * {@link #mended} was not said since. It is answered with yes once for each loss. A store that does not answer has not lost them yet.
         */
        boolean happened();

        /** All rows are in the store that were missing when something had happened. It is written down when the store is asked next. */
        void mended();

        /** How often the store was asked; kept in the store, which would have a smaller number in an older copy. */
        long count();

        @Override
        void close();
    }
}
