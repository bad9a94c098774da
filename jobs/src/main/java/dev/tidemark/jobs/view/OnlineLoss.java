package dev.tidemark.jobs.view;

import java.io.Serializable;

/** Finds out whether the online store has lost its rows, as a server without a disk does when it is started anew. */
public interface OnlineLoss extends Serializable {
    /**
     * Begins to look after the rows that one parallel instance of an operator writes.
     *
     * @param instance its number
     */
    Probe open(int instance);

    /** What one instance asks now and then. */
    interface Probe extends AutoCloseable {
        /** Whether the rows were lost since it was asked last, by a predecessor perhaps. A store that does not answer has not lost them yet. */
        boolean happened();

        @Override
        void close();
    }
}
