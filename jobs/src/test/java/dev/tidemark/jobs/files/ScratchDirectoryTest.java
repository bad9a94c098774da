package dev.tidemark.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ScratchDirectoryTest {
    @Test
    void goesWithAllThatIsInIt() throws IOException {
        ScratchDirectory directory = ScratchDirectory.create("scratch");
        Files.createDirectories(directory.path().resolve("a/b"));
        Files.writeString(directory.path().resolve("a/b/file"), "text");

        directory.close();

        assertThat(directory.path()).doesNotExist();
        directory.close();
    }

    /** A local Flink cluster clears its part while it ends, which is after the job has ended. */
    @RepeatedTest(20)
    void goesWhileAnotherDeletesInIt() throws Exception {
        ScratchDirectory directory = ScratchDirectory.create("scratch");
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            files.add(Files.createDirectory(directory.path().resolve("cache-" + i)));
        }
        Thread other = new Thread(() -> files.forEach(file -> file.toFile().delete()));

        other.start();
        directory.close();
        other.join();

        assertThat(directory.path()).doesNotExist();
    }
}
