package dev.tidemark.cli;

import java.io.IOException;

/** Where the demo's events come from. */
interface EventFeed {
    /**
     * Publishes events until there are no more or the thread is interrupted.
     *
     * @throws IOException if they cannot be read
     */
    void run(EventPublisher publisher) throws IOException;

    /** What is being published, for a person. */
    String description();
}
