package dev.tidemark.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Redis program of the class path that runs on this machine, unpacked. */
final class RedisBinary {
    /**
     * By processor, the best first. The build for amd64 needs a libssl3 that not every system has; the one for 386 is static and
     * runs there too, with room for 3 GB.
     */
    private static final Map<String, List<String>> RESOURCES = Map.of(
            "amd64", List.of("/redis-server-6.2.6-v5-linux-amd64", "/redis-server-6.2.7-linux-386"),
            "aarch64", List.of("/redis-server-6.2.7-linux-arm64"));

    private static @Nullable Path found;

    private RedisBinary() {}

    /** @throws SandboxException if none runs here, with what each of them said */
    static synchronized Path unpacked() throws IOException, InterruptedException {
        if (found == null) {
            found = firstThatRuns(RESOURCES.getOrDefault(System.getProperty("os.arch"), List.of()));
        }
        return found;
    }

    static Path firstThatRuns(List<String> resources) throws IOException, InterruptedException {
        StringBuilder problems = new StringBuilder();
        for (String resource : resources) {
            Path program = unpack(resource);
            String problem = Programs.trial(List.of(program.toString(), "--version"));
            if (problem == null) {
                return program;
            }
            problems.append("\n  ").append(resource).append(": ").append(problem);
        }
        throw new SandboxException("No build of Redis runs on this operating system and processor (%s, %s).%s"
                .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), problems));
    }

    private static Path unpack(String resource) throws IOException {
        Path directory = BinaryCache.unpacked(resource, (content, target) -> {
            Path program = target.resolve("redis-server");
            Files.copy(content, program);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        });
        return directory.resolve("redis-server");
    }
}
