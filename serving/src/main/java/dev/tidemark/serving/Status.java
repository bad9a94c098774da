package dev.tidemark.serving;

/** What is known of one value. The names are those of Feast's protocol. */
enum Status {
    /** There is a value. */
    PRESENT,
    /** The entity is known, and there is no value. */
    NULL_VALUE,
    /** The entity was never seen. */
    NOT_FOUND,
    /** The entity's last event is longer ago than the view's ttl. */
    OUTSIDE_MAX_AGE
}
