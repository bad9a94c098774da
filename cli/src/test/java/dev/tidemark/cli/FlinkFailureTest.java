package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FlinkFailureTest {
    @Test
    void theInnermostCauseIsTheReason() {
        assertThat(
                        FlinkFailure.reason(
                                """
                        Internal server error.
                        <Exception on server side:
                        org.apache.flink.runtime.rest.handler.RestHandlerException: Could not execute application.
                        	at org.apache.flink.runtime.webmonitor.handlers.JarRunHandler.lambda$handleRequest$1(JarRunHandler.java:114)
                        Caused by: java.util.concurrent.CompletionException: org.apache.flink.util.FlinkRuntimeException
                        	at java.base/java.util.concurrent.CompletableFuture.encodeThrowable(CompletableFuture.java:315)
                        	... 1 more
                        Caused by: java.lang.IllegalArgumentException: The topic clicks does not exist at 127.0.0.1:9092.
                        The topic views does not exist at 127.0.0.1:9092.
                        	at dev.tidemark.jobs.JobMain.main(JobMain.java:120)
                        	... 10 more

                        End of exception on server side>
                        """))
                .isEqualTo("The topic clicks does not exist at 127.0.0.1:9092.\n"
                        + "The topic views does not exist at 127.0.0.1:9092.");
    }

    @Test
    void anExceptionThatSaysNothingIsNamed() {
        assertThat(FlinkFailure.reason("java.lang.NullPointerException\n\tat a.B.c(B.java:1)\n"))
                .isEqualTo("java.lang.NullPointerException");
    }

    @Test
    void aPlainSentenceStays() {
        assertThat(FlinkFailure.reason("Job 12ab not found")).isEqualTo("Job 12ab not found");
        assertThat(FlinkFailure.reason("")).isEmpty();
        assertThat(FlinkFailure.reason("x".repeat(5_000))).hasSize(2_003).endsWith("...");
    }
}
