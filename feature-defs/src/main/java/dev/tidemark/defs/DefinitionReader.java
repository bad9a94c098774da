package dev.tidemark.defs;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** Reads definitions and checks them as a whole. */
public final class DefinitionReader {
    private DefinitionReader() {}

    /**
     * Reads every {@code .yaml} and {@code .yml} file below a directory, in the order of their paths. Symbolic links are
     * followed; hidden files and directories are left out.
     *
     * @throws InvalidDefinitionsException if anything is wrong with them, or there is none; it lists every problem
     * @throws NoSuchFileException if the directory does not exist
     * @throws NotDirectoryException if it is not a directory
     * @throws IOException if the directory or a file cannot be read
     */
    public static Definitions readDirectory(Path directory) throws InvalidDefinitionsException, IOException {
        if (!Files.exists(directory)) {
            throw new NoSuchFileException(
                    directory.toString(), null, "there is no such directory to read definitions from");
        }
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory + " (definitions are read from a directory)");
        }
        Problems problems = new Problems();
        List<Text> texts = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Path file : files(directory)) {
            names.add(file.toString());
            try {
                texts.add(new Text(file.toString(), Files.readString(file)));
            } catch (CharacterCodingException e) {
                problems.report(
                        new Place(file.toString(), 1, 1), "The file is not encoded in UTF-8.", "Save it as UTF-8.");
            }
        }
        if (names.isEmpty()) {
            problems.report(
                    new Place(directory.toString(), 1, 1),
                    "There are no definitions in this directory.",
                    "Put files there whose names end in .yaml or .yml.");
            throw new InvalidDefinitionsException(problems.inOrder(List.of()));
        }
        return read(texts, names, Map.of(), problems);
    }

    private static List<Path> files(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        // The directory may be a link, and so may what is below: a ConfigMap is mounted like that.
        Files.walkFileTree(
                directory, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                        return isHidden(visited) && !visited.equals(directory)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (attributes.isRegularFile() && isYaml(file) && !isHidden(file)) {
                            files.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                        if (e instanceof FileSystemLoopException) {
                            return FileVisitResult.CONTINUE; // A link back to a directory that is being visited.
                        }
                        throw e;
                    }
                });
        files.sort(null);
        return files;
    }

    private static boolean isYaml(Path file) {
        return file.toString().endsWith(".yaml") || file.toString().endsWith(".yml");
    }

    private static boolean isHidden(Path path) {
        Path name = path.getFileName();
        return name != null && name.toString().startsWith(".");
    }

    /**
     * Reads texts of one or more YAML (or JSON) documents each.
     *
     * @throws InvalidDefinitionsException if anything is wrong with them, or there is no document; it lists every problem
     */
    public static Definitions read(List<Text> texts) throws InvalidDefinitionsException {
        return read(texts, Map.of());
    }

    /**
     * Reads texts of one or more YAML (or JSON) documents each.
     *
     * @param current which version a view's name stands for without one; for a view that is not in it, the greatest
     * @throws InvalidDefinitionsException if anything is wrong with them, or there is no document; it lists every problem
     */
    public static Definitions read(List<Text> texts, Map<String, Integer> current) throws InvalidDefinitionsException {
        return read(texts, texts.stream().map(Text::name).toList(), current, new Problems());
    }

    private static Definitions read(
            List<Text> texts, List<String> names, Map<String, Integer> current, Problems problems)
            throws InvalidDefinitionsException {
        DefinitionSet set = new DefinitionSet(current, problems);
        texts.forEach(text -> YamlParser.parse(text, problems).forEach(set::sort));
        if (!problems.isEmpty()) {
            set.noteUnreadable();
        }
        if (set.isEmpty() && problems.isEmpty()) {
            String place = names.isEmpty() ? "definitions" : names.get(0);
            problems.report(new Place(place, 1, 1), "There is no definition here.", "Every one begins with 'kind:'.");
        }
        set.read();
        if (!problems.isEmpty()) {
            throw new InvalidDefinitionsException(problems.inOrder(names));
        }
        return set.resolved();
    }

    /** A text and the name under which its problems are reported. */
    public record Text(String name, String content) {}
}
