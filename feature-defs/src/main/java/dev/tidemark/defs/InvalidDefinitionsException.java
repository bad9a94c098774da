package dev.tidemark.defs;

import java.util.List;
import java.util.stream.Collectors;

/** The definitions have problems; all of them are listed, in the order of files and lines. */
public final class InvalidDefinitionsException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public InvalidDefinitionsException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** At least one problem. */
    public List<Problem> problems() {
        return problems;
    }
}
