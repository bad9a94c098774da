package dev.tidemark.jobs;

import java.util.List;

/** A job cannot start as it was asked to; the problems are the user's to solve, and all of them are listed. */
public final class JobSetupException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public JobSetupException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence each; at least one. */
    public List<String> problems() {
        return problems;
    }
}
