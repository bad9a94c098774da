package dev.tidemark.stores;

/** The online store did not do what it was asked; the message says which operation, at which address, and why. */
public final class OnlineStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OnlineStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
