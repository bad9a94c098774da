package dev.tidemark.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The jars of which a real Flink cluster consists: the {@code lib} directory of a distribution, or what the Maven module
 * {@code flink-dist} puts together from the same parts.
 */
final class FlinkDistribution {
    /** Names the {@code lib} directory of a distribution, instead of the one that the build makes. */
    static final String PROPERTY = "tidemark.flink.lib";

    private static final Path BUILT = Path.of("sandbox", "flink-dist", "target", "lib");
    private static final String BUILD_COMMAND = "./mvnw -pl sandbox/flink-dist package";

    private FlinkDistribution() {}

    /**
     * The class path for Flink's processes.
     *
     * @throws SandboxException if there is no distribution
     */
    static String classPath() {
        String configured = System.getProperty(PROPERTY);
        Path directory = configured != null ? Path.of(configured) : built();
        if (!Files.isDirectory(directory)) {
            throw new SandboxException("There is no directory %s with the jars of a Flink distribution. %s"
                    .formatted(
                            directory.toAbsolutePath(),
                            configured != null
                                    ? "It is given by -D" + PROPERTY + "."
                                    : "'" + BUILD_COMMAND + "' makes it."));
        }
        return directory.toAbsolutePath() + "/*";
    }

    /** Below the directory of the product: the one that the launcher names, or the one in which a test of a module runs. */
    private static Path built() {
        String home = System.getProperty("tidemark.home");
        if (home != null) {
            return Path.of(home).resolve(BUILT);
        }
        Path here = Path.of("").toAbsolutePath();
        Path above = here.getParent();
        return above != null && Files.isDirectory(above.resolve(BUILT)) ? above.resolve(BUILT) : here.resolve(BUILT);
    }
}
