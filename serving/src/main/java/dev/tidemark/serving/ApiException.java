package dev.tidemark.serving;

/** A request that cannot be answered; the message is for the client: what is wrong and what exists instead. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;

    private final int status;
    private final String detail;

    private ApiException(int status, String detail) {
        super(detail);
        this.status = status;
        this.detail = detail;
    }

    /** The body is not JSON. */
    static ApiException malformed(String detail) {
        return new ApiException(BAD_REQUEST, detail);
    }

    /** The body names something that does not exist. */
    static ApiException unknown(String detail) {
        return new ApiException(NOT_FOUND, detail);
    }

    /** The body is JSON, but does not say what it must, or contradicts itself. */
    static ApiException unprocessable(String detail) {
        return new ApiException(UNPROCESSABLE, detail);
    }

    /** The server cannot answer now; the same request may succeed later. */
    static ApiException unavailable(String detail) {
        return new ApiException(UNAVAILABLE, detail);
    }

    int status() {
        return status;
    }

    String detail() {
        return detail;
    }
}
