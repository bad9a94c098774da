package dev.tidemark.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("faults")
class SmallDiskIT {
    @Test
    void isFullAndHasRoomAgain() throws Exception {
        Path path;
        try (SmallDisk disk = SmallDisk.ofMegabytes(1)) {
            path = disk.path();
            Files.write(path.resolve("before"), new byte[500_000]);
            disk.fill();
            assertThatThrownBy(() -> Files.write(path.resolve("full"), new byte[5_000]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left on device");
            disk.makeRoom();
            Files.write(path.resolve("after"), new byte[500_000]);
            assertThat(path.resolve("before")).hasSize(500_000);
        }
        assertThat(path).doesNotExist();
    }
}
