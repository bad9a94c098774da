package dev.tidemark.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A child process that cannot outlive this one.
 *
 * <p>A shell starts the command and reads a pipe to which only this process holds the other end. However this process ends, even
 * by {@code kill -9}, the pipe closes, and the shell then ends the command. An orderly {@link #stop} closes the pipe too, so that
 * there is one way to end and it is used every day.
 */
final class DeathPipe {
    /**
     * Arguments: the signal that ends the command, then the command.
     *
     * <p>Ctrl-C goes to all processes of a terminal at once. The guard ignores it, because the clients in this process want to
     * finish before their servers go. A signal that is not obeyed within five seconds is followed by one that must be.
     */
    private static final String GUARD =
            """
            trap '' INT HUP
            exec 3<&0 </dev/null
            signal=$1
            shift
            "$@" 3<&- &
            command=$!
            (
              read -r _ <&3
              kill -s "$signal" "$command"
              tries=0
              while [ $tries -lt 50 ]; do
                sleep 0.1
                kill -s 0 "$command" || exit
                tries=$((tries + 1))
              done
              kill -s KILL "$command"
            ) >/dev/null 2>&1 &
            guard=$!
            exec 3<&-
            wait "$command"
            status=$?
            kill "$guard" 2>/dev/null
            wait "$guard" 2>/dev/null
            exit $status
            """;

    /** Keeps signals that a terminal sends to a whole process group away from the children, where the tool for it exists. */
    private static final List<String> OWN_SESSION =
            Programs.find("setsid").map(path -> List.of(path.toString())).orElse(List.of());

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LOG_TAIL_LINES = 15;

    private final Process process;
    private final Path log;

    private DeathPipe(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a command under guard.
     *
     * @param prefix what runs the guard and with it the command, as another user perhaps; may be empty
     * @param signal the name of the signal that ends the command, such as {@code TERM}
     * @param directory the command's working directory
     * @param log takes all that the command prints
     */
    static DeathPipe start(List<String> prefix, String signal, List<String> command, Path directory, Path log)
            throws IOException {
        List<String> line = new ArrayList<>(prefix);
        line.addAll(List.of("/bin/sh", "-c", GUARD, "tidemark-sandbox", signal));
        line.addAll(command);
        Process process = new ProcessBuilder(inOwnSession(line))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new DeathPipe(process, log);
    }

    /** The command line that keeps a terminal's signals away from a command. */
    static List<String> inOwnSession(List<String> command) {
        List<String> line = new ArrayList<>(OWN_SESSION);
        line.addAll(command);
        return line;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the command to end by itself and returns its exit code, or nothing if it runs on. */
    OptionalInt waitFor(Duration timeout) throws InterruptedException {
        return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)
                ? OptionalInt.of(process.exitValue())
                : OptionalInt.empty();
    }

    /**
     * Sends a signal to the command, and not to its guard.
     *
     * @param name such as {@code STOP}
     * @throws IllegalStateException if the command has ended
     */
    void signal(String name) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("/bin/sh", "-c", "kill -s \"$1\" \"$2\"", "kill", name, "" + processId()).start();
        if (kill.waitFor() != 0) {
            throw new IllegalStateException("The process that is to get the signal " + name + " has ended.");
        }
    }

    /**
     * The command's own process.
     *
     * @throws IllegalStateException if the command has ended
     */
    long processId() {
        // The guard's other child runs the guard's program, a shell.
        String guard = process.info().command().orElse("");
        return process.children()
                .filter(child -> !child.info().command().orElse(guard).equals(guard))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The process has ended."))
                .pid();
    }

    /** The last lines that the command printed, for an error message. */
    String logTail() {
        return tailOf(log);
    }

    /** The last lines of a log, for an error message. */
    static String tailOf(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
        } catch (IOException | UncheckedIOException e) {
            return "(its output cannot be read: " + e.getMessage() + ")";
        }
    }

    /** Ends the command and returns when it is gone. */
    void stop() {
        try {
            process.getOutputStream().close();
            if (process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (IOException e) {
            // The guard is gone already and took the pipe with it; what it left is ended below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
