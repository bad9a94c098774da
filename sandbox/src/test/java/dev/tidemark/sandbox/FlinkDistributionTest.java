package dev.tidemark.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkDistributionTest {
    private final String home = System.getProperty("tidemark.home");

    @TempDir
    private Path directory;

    @AfterEach
    void forget() {
        System.clearProperty(FlinkDistribution.PROPERTY);
        if (home == null) {
            System.clearProperty("tidemark.home");
        } else {
            System.setProperty("tidemark.home", home);
        }
    }

    @Test
    void aDistributionThatIsGivenIsTaken() {
        System.setProperty(FlinkDistribution.PROPERTY, directory.toString());
        assertThat(FlinkDistribution.classPath()).isEqualTo(directory + "/*");

        System.setProperty(FlinkDistribution.PROPERTY, directory.resolve("none").toString());
        assertThatThrownBy(FlinkDistribution::classPath)
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining(directory.resolve("none").toString())
                .hasMessageContaining("-Dtidemark.flink.lib");
    }

    @Test
    void oneThatWasNotBuiltIsSaidHowToBuild() {
        System.setProperty("tidemark.home", directory.toString());
        assertThatThrownBy(FlinkDistribution::classPath)
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("sandbox/flink-dist/target/lib")
                .hasMessageContaining("'./mvnw -pl sandbox/flink-dist package' makes it");
    }
}
