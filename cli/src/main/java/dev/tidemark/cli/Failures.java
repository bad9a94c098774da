package dev.tidemark.cli;

import dev.tidemark.defs.InvalidDefinitionsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** How a command that failed ends: a message for the caller's mistakes, the log for ours. */
final class Failures {
    static final int CALLER_AT_FAULT = 2;
    static final int FAILED = 1;

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static int report(Exception failure, CommandLine command, CommandLine.ParseResult arguments) {
        if (failure instanceof UserException || failure instanceof InvalidDefinitionsException) {
            command.getErr().println(failure.getMessage());
            return CALLER_AT_FAULT;
        }
        if (failure instanceof ClusterException) {
            command.getErr().println(failure.getMessage());
            return FAILED;
        }
        LOG.error("{} failed", command.getCommandName(), failure);
        command.getErr().println("It failed: " + description(failure) + "\nDetails are in " + LogFile.path() + ".");
        return FAILED;
    }

    /** What was attempted, and why that went wrong if it does not say so itself. */
    private static String description(Throwable failure) {
        String attempted = failure.getMessage();
        String cause = rootCause(failure);
        if (attempted == null) {
            return cause;
        }
        return attempted.contains(cause) ? attempted : attempted + ": " + cause;
    }

    private static String rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
