package dev.tidemark.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeathPipeTest {
    @TempDir
    Path directory;

    @Test
    void stopsWithTheSignalOfItsChoice() throws Exception {
        DeathPipe pipe = start("trap 'echo got USR1; exit' USR1; echo $$ >pid; while :; do sleep 0.1; done");
        ProcessHandle command = command();

        pipe.stop();

        assertThat(pipe.isAlive()).isFalse();
        assertThat(command.isAlive()).isFalse();
        assertThat(pipe.logTail()).isEqualTo("got USR1");
    }

    @Test
    void aCommandThatDoesNotListenIsKilled() throws Exception {
        DeathPipe pipe = start("trap '' USR1; echo $$ >pid; while :; do sleep 0.1; done");
        ProcessHandle command = command();

        pipe.stop();

        assertThat(command.isAlive()).isFalse();
    }

    @Test
    void aCommandThatEndsByItselfIsNoticed() throws Exception {
        DeathPipe pipe = start("echo out; echo err >&2; exit 7");

        assertThat(pipe.waitFor(Duration.ofSeconds(10))).hasValue(7);
        assertThat(pipe.logTail()).contains("out").contains("err");
        pipe.stop();
    }

    @Test
    void aCommandDoesNotOutliveItsGuard() throws Exception {
        start("echo $$ >pid; while :; do sleep 0.1; done");
        ProcessHandle command = command();

        command.parent().orElseThrow().destroyForcibly();

        await().atMost(Duration.ofSeconds(10)).until(() -> !command.isAlive());
    }

    private DeathPipe start(String script) throws IOException {
        return DeathPipe.start(
                List.of(), "USR1", List.of("/bin/sh", "-c", script), directory, directory.resolve("log"));
    }

    /** The command itself, once it has written its process id. */
    private ProcessHandle command() {
        Path file = directory.resolve("pid");
        String pid = await().atMost(Duration.ofSeconds(10))
                .until(() -> Files.exists(file) ? Files.readString(file).strip() : "", text -> !text.isEmpty());
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }
}
