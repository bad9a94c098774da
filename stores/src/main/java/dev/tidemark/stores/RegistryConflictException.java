package dev.tidemark.stores;

import java.util.List;

/** Definitions do not fit those that the registry has; nothing was applied. */
public final class RegistryConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> conflicts;

    RegistryConflictException(List<String> conflicts) {
        super(String.join("\n", conflicts));
        this.conflicts = List.copyOf(conflicts);
    }

    /** One text per definition in conflict: what it is, what to do, and below it a line for each difference. */
    public List<String> conflicts() {
        return conflicts;
    }
}
