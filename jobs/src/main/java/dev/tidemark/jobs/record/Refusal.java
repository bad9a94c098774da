package dev.tidemark.jobs.record;

/**
 * The verdict that a record is no event.
 *
 * @param detail one sentence for a person: what is wrong, with the offending value
 */
public record Refusal(RefusalReason reason, String detail) {}
