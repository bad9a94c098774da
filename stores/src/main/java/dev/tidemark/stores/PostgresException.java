package dev.tidemark.stores;

/** Postgres did not do what it was asked; the message says which operation, at which address, and why. */
public final class PostgresException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PostgresException(String message) {
        super(message);
    }

    public PostgresException(String message, Throwable cause) {
        super(message, cause);
    }
}
