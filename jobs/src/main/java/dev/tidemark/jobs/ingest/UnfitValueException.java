package dev.tidemark.jobs.ingest;

/** A value does not fit the type of its column; the message says why. */
final class UnfitValueException extends Exception {
    private static final long serialVersionUID = 1L;

    UnfitValueException(String message) {
        super(message, null, false, false);
    }
}
