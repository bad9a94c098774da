package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoEndpointsTest {
    private static final DemoEndpoints ENDPOINTS =
            new DemoEndpoints("jdbc:postgresql://127.0.0.1:1/t?password=p=&:", "redis://127.0.0.1:2");

    @TempDir
    private Path directory;

    @Test
    void areFoundAsLongAsTheyArePublished() throws IOException {
        assertThat(DemoEndpoints.find(directory)).isEmpty();
        ENDPOINTS.publish(directory);
        assertThat(DemoEndpoints.find(directory)).contains(ENDPOINTS);
        DemoEndpoints.withdraw(directory);
        assertThat(DemoEndpoints.find(directory)).isEmpty();
    }

    @Test
    void onlyTheUserMayReadThem() throws IOException {
        ENDPOINTS.publish(directory);
        assertThat(Files.getPosixFilePermissions(fileOf(ProcessHandle.current().pid())))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void thoseOfAKilledDemoAreNotFoundAndGoWithTheNext() throws Exception {
        Process killed = new ProcessBuilder("sleep", "60").start();
        Path left = write(killed.pid(), "jdbc:killed");
        assertThat(DemoEndpoints.find(directory)).contains(new DemoEndpoints("jdbc:killed", "redis:"));
        killed.destroyForcibly().waitFor();
        assertThat(DemoEndpoints.find(directory)).isEmpty();
        ENDPOINTS.publish(directory);
        assertThat(left).doesNotExist();
    }

    @Test
    void anotherDemoIsStillFoundWhenTheNewestEnds() throws Exception {
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            Path earlier = write(other.pid(), "jdbc:other");
            Files.setLastModifiedTime(earlier, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
            ENDPOINTS.publish(directory);
            assertThat(DemoEndpoints.find(directory)).contains(ENDPOINTS);
            DemoEndpoints.withdraw(directory);
            assertThat(DemoEndpoints.find(directory)).contains(new DemoEndpoints("jdbc:other", "redis:"));
        } finally {
            other.destroyForcibly();
        }
    }

    private Path write(long process, String postgres) throws IOException {
        return Files.writeString(fileOf(process), "postgres=" + postgres + "\nredis=redis:\n");
    }

    private Path fileOf(long process) {
        return directory.resolve("tidemark-demo-" + System.getProperty("user.name") + "-" + process + ".properties");
    }
}
