package dev.tidemark.cli;

/** A Flink cluster did not do what it was asked; the message names it, what was asked, what it answered and what to do. */
final class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClusterException(String message) {
        super(message);
    }
}
