package dev.tidemark.sandbox;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A copy of this JVM's class path that every user can read. The original may well lie in root's home. */
final class ClassPathCopy {
    private static final Set<PosixFilePermission> READ_BY_ALL = PosixFilePermissions.fromString("rwxr-xr-x");

    private ClassPathCopy() {}

    /** Makes the copy in an empty directory and returns the class path for it. */
    static String in(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, READ_BY_ALL);
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path source = Path.of(entry);
            if (!entry.isEmpty() && Files.exists(source)) {
                Path copy = directory.resolve(copies.size() + "-" + source.getFileName());
                copy(source, copy);
                copies.add(copy.toString());
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copy(Path source, Path target) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(source.relativize(file).toString());
                Files.copy(file, copy);
                Files.setPosixFilePermissions(copy, READ_BY_ALL);
            }
        }
    }
}
