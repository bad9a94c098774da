package dev.tidemark.cli;

/** The command cannot do what it was asked for a reason the caller can mend; the message is all they need to see. */
final class UserException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UserException(String message) {
        super(message);
    }
}
