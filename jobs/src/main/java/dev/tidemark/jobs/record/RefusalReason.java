package dev.tidemark.jobs.record;

import java.util.Locale;

/** Why a record is not among the events of its source. */
public enum RefusalReason {
    /** The value is missing, not of the source's format, or not one record. */
    MALFORMED,
    /** A column's value does not fit the column's type, or no store can hold it. */
    WRONG_TYPE,
    /** The event time is missing, or lies outside the years 1 to 9999. */
    EVENT_TIME,
    /** A view of the source takes the event, but a join key of its entity is null. */
    MISSING_KEY,
    /** The join keys are longer than a store's index can hold. */
    KEY_TOO_LONG,
    /** The event is further behind its partition than the source allows. */
    LATE,
    /** The rows that the event would change were settled already, because its partition had been idle. */
    BEHIND_SETTLED,
    /** Reading or projecting the record failed in a way that nobody foresaw. */
    UNPROCESSABLE;

    /** The reason as a dead letter and a metric spell it, for example {@code missing_key}. */
    public String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }
}
