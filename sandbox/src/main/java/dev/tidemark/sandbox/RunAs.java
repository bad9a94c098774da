package dev.tidemark.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way to run a program that refuses to be run by root, as Postgres does.
 *
 * @param prefix goes before the program's command line; empty if this process is not root's
 * @param owner the user, by name or number, to whom the program's files must belong; null if they stay ours
 */
record RunAs(List<String> prefix, @Nullable String owner) {
    private static final RunAs OURSELVES = new RunAs(List.of(), null);

    /** The program's path is its argument. */
    private static final String TRIAL = "test \"$(id -u)\" != 0 && exec \"$0\" --version";

    /** The ways for this process's user, the best first. There is no promise yet that any of them is allowed here. */
    static List<RunAs> ways() throws IOException {
        if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            return List.of(OURSELVES);
        }
        List<RunAs> ways = new ArrayList<>();
        // In a user namespace without a mapping root looks like nobody to itself; to the rest of the system it is still
        // root.
        add(ways, null, "unshare", "-U");
        add(ways, "65534", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        add(ways, "nobody", "runuser", "-u", "nobody", "--");
        add(ways, "nobody", "su", "-s", "/bin/sh", "nobody", "-c", "exec \"$0\" \"$@\"", "--");
        return ways;
    }

    private static void add(List<RunAs> ways, @Nullable String owner, String tool, String... arguments) {
        Programs.find(tool).ifPresent(path -> {
            List<String> prefix = new ArrayList<>(List.of(path.toString()));
            prefix.addAll(List.of(arguments));
            ways.add(new RunAs(List.copyOf(prefix), owner));
        });
    }

    /**
     * The first way that works for a program.
     *
     * @throws SandboxException if none does, with what each of them said
     */
    static RunAs firstThatWorks(List<RunAs> ways, Path program) throws InterruptedException {
        StringBuilder problems = new StringBuilder();
        for (RunAs way : ways) {
            List<String> command = new ArrayList<>(way.prefix);
            command.addAll(List.of("/bin/sh", "-c", TRIAL, program.toString()));
            String problem = Programs.trial(command);
            if (problem == null) {
                return way;
            }
            problems.append("\n  ").append(way).append(": ").append(problem);
        }
        throw new SandboxException(
                ("Cannot run %s as anybody but root, which it refuses. Run the sandbox as an ordinary user, or"
                                + " allow one of these in the container or system:%s")
                        .formatted(program, problems.isEmpty() ? " unshare, setpriv, runuser, su" : problems));
    }

    /** Gives a file to the user as whom the program will run. */
    void give(Path file) throws IOException {
        if (owner != null) {
            Files.setOwner(
                    file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner));
        }
    }

    /** Gives a directory to that user and lets everybody pass through its parent, so that he can get there. */
    void giveDirectory(Path directory) throws IOException {
        give(directory);
        if (owner != null) {
            Files.setPosixFilePermissions(directory.getParent(), PosixFilePermissions.fromString("rwx--x--x"));
        }
    }

    @Override
    public String toString() {
        return prefix.isEmpty() ? "directly" : String.join(" ", prefix);
    }
}
