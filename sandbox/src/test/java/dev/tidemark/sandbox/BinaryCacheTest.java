package dev.tidemark.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinaryCacheTest {
    private static final String RESOURCE = "/log4j2-test.xml";

    @TempDir
    Path parent;

    @Test
    void unpacksOnceAndAgainOnlyIfSomethingIsMissing() throws IOException {
        Path first = unpack(parent);
        Path second = unpack(parent);

        assertThat(second).isEqualTo(first);
        assertThat(first.resolve("bin/program")).hasContent("run");
        assertThat(timesUnpacked(parent)).isEqualTo(1);

        Files.delete(first.resolve("bin/program"));

        assertThat(unpack(parent).resolve("bin/program")).hasContent("run");
        assertThat(timesUnpacked(parent)).isEqualTo(2);
    }

    @Test
    void anUnpackingThatWasCutOffIsDoneAnew() throws IOException {
        assertThatThrownBy(() -> BinaryCache.unpacked(parent, RESOURCE, (content, directory) -> {
                    Files.writeString(directory.resolve("half"), "");
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");

        assertThat(unpack(parent)).isDirectoryContaining("glob:**/bin").isDirectoryNotContaining("glob:**/half");
    }

    @Test
    void severalProcessesShareTheWork() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            UnpackMain.class.getName(),
                            parent.toString())
                    .inheritIO()
                    .start());
        }
        for (Process process : processes) {
            assertThat(process.waitFor()).isZero();
        }

        assertThat(timesUnpacked(parent)).isEqualTo(1);
    }

    @Test
    void aDirectoryThatOthersCanWriteIsNotTrusted() throws IOException {
        Path cache = unpack(parent).getParent();
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> unpack(parent))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining(cache.toString())
                .hasMessageContaining("java.io.tmpdir");
    }

    @Test
    void aMissingResourceIsNamed() {
        assertThatThrownBy(() -> BinaryCache.unpacked(parent, "/no-such-program", BinaryCacheTest::unpackProgram))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("/no-such-program");
    }

    private static Path unpack(Path parent) throws IOException {
        return BinaryCache.unpacked(parent, RESOURCE, BinaryCacheTest::unpackProgram);
    }

    private static void unpackProgram(InputStream content, Path directory) throws IOException {
        Path log = directory.getParent().resolveSibling("unpackings");
        Files.writeString(log, "once\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Files.createDirectory(directory.resolve("bin"));
        Files.writeString(directory.resolve("bin/program"), "run");
    }

    private static int timesUnpacked(Path parent) throws IOException {
        return Files.readAllLines(parent.resolve("unpackings")).size();
    }

    /** Unpacks in a process of its own. */
    static final class UnpackMain {
        private UnpackMain() {}

        public static void main(String[] arguments) throws IOException {
            unpack(Path.of(arguments[0]));
        }
    }
}
