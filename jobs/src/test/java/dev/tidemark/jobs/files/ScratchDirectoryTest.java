package dev.tidemark.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
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
}
