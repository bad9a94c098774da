package dev.tidemark.stores;

import java.io.Serializable;

/**
 * One of the parallel parts of a program that writes the rows of a view version. An entity's rows are written by one member of a
 * run; the same member's next attempt takes its place, and a new run takes the place of all members of the last.
 *
 * @param job told from every other by its text; once another job has taken its place, it cannot come back
 * @param run one execution of the job, told from every other by its text; it has the same members with the same entities from
 *     beginning to end, and once there is another run of the job it cannot come back
 * @param member which part of the run, for example {@code history/3}
 * @param attempt counts the starts of this member in this run, from 0 to {@value #MAX_ATTEMPT}
 */
public record Writer(Line line, String job, String run, String member, int attempt) implements Serializable {
    /** The role of members that write the history: they are called {@code history/0} and so on. */
    public static final String HISTORY = "history";

    /** The most attempts that an epoch's number has room for. */
    public static final int MAX_ATTEMPT = (1 << 20) - 1;

    public Writer {
        if (job.isEmpty() || run.isEmpty() || member.isEmpty() || attempt < 0 || attempt > MAX_ATTEMPT) {
            throw new IllegalArgumentException(
                    "A writer needs a job, a run, a member, and an attempt from 0 to " + MAX_ATTEMPT + "; these are \""
                            + job + "\", \"" + run + "\", \"" + member + "\" and " + attempt + ".");
        }
    }

    /** Runs of one line take each other's place; those of different lines write beside each other. */
    public enum Line {
        /** The job that follows the log: what it writes wins over every repair. */
        LIVE,
        /** What fills in behind the live job, a backfill or a rebuilt online store: it never changes what the live job wrote. */
        REPAIR;

        String spelling() {
            return this == LIVE ? "live" : "repair";
        }
    }
}
