package dev.tidemark.jobs.ingest;

import dev.tidemark.jobs.record.Refusal;
import dev.tidemark.jobs.record.RefusalReason;

/** A record turned out to be no event. Without a stack trace, for a source may be full of such records. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    RefusedException(RefusalReason reason, String detail) {
        super(detail, null, false, false);
        this.refusal = new Refusal(reason, detail);
    }

    Refusal refusal() {
        return refusal;
    }
}
