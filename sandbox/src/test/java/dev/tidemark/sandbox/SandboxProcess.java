package dev.tidemark.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM that runs {@link SandboxMain}, in a process group of its own. */
final class SandboxProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final Path sandboxParent;
    private final long pid;

    private SandboxProcess(Process process, Path sandboxParent) throws IOException {
        this.process = process;
        this.sandboxParent = sandboxParent;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (line != null && !line.startsWith("ready ")) {
            line = output.readLine();
        }
        assertThat(line).as("the sandbox's process says that it is ready").isNotNull();
        this.pid = Long.parseLong(line.substring("ready ".length()));
    }

    static SandboxProcess start(Path directory, String... options) throws IOException {
        return start(List.of(), System.getProperty("java.class.path"), directory, options);
    }

    /** Starts it as somebody who is not root, with what it needs in a place where everybody can read it. */
    static SandboxProcess startAsOrdinaryUser(Path directory) throws Exception {
        RunAs ordinary = ordinaryUser();
        Path home = Files.createDirectory(directory.resolve("home"));
        ordinary.giveDirectory(home);
        String classPath = ordinary.owner() == null
                ? System.getProperty("java.class.path")
                : ClassPathCopy.in(Files.createDirectory(directory.resolve("classes")));
        return start(ordinary.prefix(), classPath, home);
    }

    /** A way to be somebody whose files are not root's, unlike in a user namespace. */
    private static RunAs ordinaryUser() throws Exception {
        List<RunAs> ways = RunAs.ways();
        return ways.size() == 1
                ? ways.get(0)
                : RunAs.firstThatWorks(
                        ways.stream().filter(way -> way.owner() != null).toList(), Path.of("/bin/cat"));
    }

    private static SandboxProcess start(List<String> prefix, String classPath, Path home, String... options)
            throws IOException {
        Path sandboxParent = home.resolve("sandbox");
        List<String> line = new ArrayList<>(DeathPipe.inOwnSession(prefix));
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Djava.io.tmpdir=" + home,
                "-cp",
                classPath,
                SandboxMain.class.getName(),
                sandboxParent.toString()));
        line.addAll(List.of(options));
        Process process = new ProcessBuilder(line)
                .directory(new File("/"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new SandboxProcess(process, sandboxParent);
    }

    Path sandboxParent() {
        return sandboxParent;
    }

    List<ProcessHandle> children() {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
    }

    int uid() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc", "" + pid), "unix:uid");
    }

    void signal(String name) throws Exception {
        kill(name, "" + pid);
    }

    /** Signals all processes of its group, as a terminal does. */
    void signalGroup(String name) throws Exception {
        kill(name, "-" + pid);
    }

    private static void kill(String name, String target) throws Exception {
        assertThat(Programs.trial(List.of("/bin/sh", "-c", "kill -s " + name + " -- " + target)))
                .isNull();
    }

    /** Waits for its end, and returns what it printed until then: its own lines, and those of servers that log as they end. */
    List<String> awaitOutput() throws IOException, InterruptedException {
        List<String> lines = output.lines().toList();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return lines;
    }

    @Override
    public void close() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        try {
            output.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
