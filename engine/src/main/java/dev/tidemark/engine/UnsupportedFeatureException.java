package dev.tidemark.engine;

import java.util.List;

/** A valid definition asks for something that the engine cannot compute yet; everything of that kind is listed. */
public final class UnsupportedFeatureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    UnsupportedFeatureException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence each, with the view and the feature or column. */
    public List<String> problems() {
        return problems;
    }
}
