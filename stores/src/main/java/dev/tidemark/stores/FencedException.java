package dev.tidemark.stores;

/** A writer was replaced: a newer run or attempt writes its rows now, and nothing of what it tried to write was written. */
public final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FencedException(String message) {
        super(message);
    }

    static FencedException of(String viewId, Writer writer) {
        return new FencedException(
                "The writer " + writer.member() + ", attempt " + writer.attempt() + ", of the job "
                        + writer.job() + " may not write rows of " + viewId
                        + " any more: another job, or a newer attempt of this one, has taken its place. If the job still runs, cancel it;"
                        + " to go on with it in place of the other, start it again from a savepoint, under a job id of its own.");
    }
}
