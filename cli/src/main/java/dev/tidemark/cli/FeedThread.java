package dev.tidemark.cli;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Publishes a feed's events beside the display. */
final class FeedThread extends Thread {
    private static final Duration TIME_TO_END = Duration.ofSeconds(5);

    private final EventFeed feed;
    private final EventPublisher publisher;
    private volatile @Nullable Exception failure;

    FeedThread(EventFeed feed, EventPublisher publisher) {
        super("feed");
        setDaemon(true);
        this.feed = feed;
        this.publisher = publisher;
    }

    @Override
    public void run() {
        try {
            feed.run(publisher);
        } catch (IOException | RuntimeException e) {
            // Kafka's client fails when it is interrupted in the middle of a send, as the end of the feed may have it.
            failure = Thread.currentThread().isInterrupted() ? null : e;
        }
    }

    /** Why the feed ended too early; null if it did not. */
    @Nullable
    Exception failure() {
        return failure;
    }

    /** Ends the feed, if it has not ended by itself. */
    void end() throws InterruptedException {
        interrupt();
        join(TIME_TO_END.toMillis());
    }
}
