package dev.tidemark.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JVM of its own that runs one of Flink's programs. It ends by {@code kill -9} only, as a process of a real cluster does on a bad
 * day; what it keeps on disk stays for its successor.
 */
final class FlinkProcess extends Server {
    /** What is kept softly goes some seconds after its last use, so that what stays longer is a leak. */
    private static final List<String> SMALL_AND_QUICK = List.of(
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-XX:SoftRefLRUPolicyMSPerMB=10");

    private final Path directory;
    private final Path log;
    private final List<String> arguments;
    private final Probe probe;
    private @Nullable DeathPipe process;

    /**
     * @param name what it is, for messages and for the name of its log
     * @param directory its working directory, which exists
     * @param arguments what follows {@code java} and the class path
     * @param probe asks whether it has started
     */
    FlinkProcess(String name, Path directory, List<String> arguments, Probe probe) {
        super(name);
        this.directory = directory;
        this.log = directory.resolve(name.replace(' ', '-') + ".log");
        this.arguments = arguments;
        this.probe = probe;
    }

    @Override
    void launch() throws IOException, InterruptedException {
        Files.createDirectories(directory);
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(SMALL_AND_QUICK);
        command.addAll(List.of("-cp", FlinkDistribution.classPath()));
        command.addAll(arguments);
        DeathPipe started = DeathPipe.start(List.of(), "KILL", command, directory, log);
        process = started;
        awaitAnswer(started, probe);
    }

    @Override
    void halt() {
        if (process != null) {
            process.stop();
            process = null;
        }
    }

    /** Stops it where it is, or lets it go on. */
    void freeze(boolean frozen) {
        try {
            running().signal(frozen ? "STOP" : "CONT");
        } catch (IOException e) {
            throw new SandboxException("A process cannot be signalled: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("Interrupted while signalling a process.", e);
        }
    }

    long processId() {
        return running().processId();
    }

    private DeathPipe running() {
        if (process == null) {
            throw new IllegalStateException("The process does not run.");
        }
        return process;
    }

    /** What it said last; empty if it never ran. */
    String lastWords() {
        return Files.exists(log) ? DeathPipe.tailOf(log) : "";
    }
}
