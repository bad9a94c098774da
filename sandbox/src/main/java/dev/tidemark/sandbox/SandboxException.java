package dev.tidemark.sandbox;

import org.jspecify.annotations.Nullable;

/** A server of the sandbox could not be started, reached or stopped; the message says which, why and what to do about it. */
public final class SandboxException extends RuntimeException {
    SandboxException(String message) {
        this(message, null);
    }

    SandboxException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
