package dev.tidemark.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However the process of a sandbox ends, nothing of the sandbox stays. */
class ProcessEndIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Postgres with its helpers, Redis, their guards: certainly more than that. */
    private static final int CHILDREN = 5;

    @TempDir
    Path directory;

    @Test
    void aPlainKillEndsEverythingBeforeTheProcessEnds() throws Exception {
        try (SandboxProcess process = SandboxProcess.start(directory)) {
            List<ProcessHandle> children = process.children();

            process.signal("TERM");
            process.awaitOutput();

            assertThat(children).hasSizeGreaterThan(CHILDREN).noneMatch(ProcessHandle::isAlive);
            assertThat(process.sandboxParent()).isEmptyDirectory();
        }
    }

    @Test
    void aKillThatCannotBeCaughtEndsEverythingToo() throws Exception {
        try (SandboxProcess process = SandboxProcess.start(directory)) {
            List<ProcessHandle> children = process.children();

            process.signal("KILL");

            assertNothingStays(process, children);
        }
    }

    /** As Ctrl-C does; but that is ignored in processes that a script started in the background, as a build may be. */
    @Test
    void aSignalToTheWholeGroupLeavesTheServersToTheirClients() throws Exception {
        try (SandboxProcess process = SandboxProcess.start(directory, "own hook")) {
            List<ProcessHandle> children = process.children();

            process.signalGroup("TERM");

            assertThat(process.awaitOutput()).contains("Postgres still answers");
            assertNothingStays(process, children);
        }
    }

    /** Root's process hands the test to nobody; any other user has been one without rights all along. */
    @Test
    void anOrdinaryUserHasASandboxToo() throws Exception {
        try (SandboxProcess process = SandboxProcess.startAsOrdinaryUser(directory)) {
            List<ProcessHandle> children = process.children();
            assertThat(process.uid()).isNotZero();

            process.signal("TERM");

            assertNothingStays(process, children);
        }
    }

    private static void assertNothingStays(SandboxProcess process, List<ProcessHandle> children) {
        assertThat(children).hasSizeGreaterThan(CHILDREN);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(process.sandboxParent()).isEmptyDirectory());
    }
}
