package dev.tidemark.serving;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that cannot be answered; the message is for the client: what is wrong and what exists instead. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;
    private static final int TOO_LATE = 504;

    private final int status;
    private final String detail;
    private final transient List<Lag> behind;

    private ApiException(int status, String detail) {
        this(status, detail, List.of());
    }

    private ApiException(int status, String detail, List<Lag> behind) {
        super(detail);
        this.status = status;
        this.detail = detail;
        this.behind = behind;
    }

    /**
     * What a request waited for in vain.
     *
     * @param reached the last record of the partition that is known to be in; null for none
     */
    record Lag(String view, String topic, int partition, long wanted, @Nullable Long reached) {}

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

    /** The rows did not come as far as the request wants within the time that it gives. */
    static ApiException tooLate(String detail, List<Lag> behind) {
        return new ApiException(TOO_LATE, detail, behind);
    }

    /** Empty unless the request waited. */
    List<Lag> behind() {
        return behind;
    }

    int status() {
        return status;
    }

    String detail() {
        return detail;
    }
}
