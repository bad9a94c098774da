package dev.tidemark.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** A day of edits of Wikipedia: the real ones if they lie beside the repository, else as many made-up ones. */
final class WikiEdits {
    private static final Path REAL = Path.of("..", "..", "shared", "data", "wiki-edits.jsonl.gz");
    private static final Instant DAY = Instant.parse("2015-09-12T00:00:00Z");
    private static final int EDITS = 39_000;
    private static final int MILLIS_APART = 2_200;

    private WikiEdits() {}

    /**
     * A file of JSON lines in the order of time.
     *
     * @param directory takes it if it has to be made
     */
    static Path file(Path directory) throws IOException {
        if (Files.exists(REAL)) {
            return REAL;
        }
        Path file = directory.resolve("edits.jsonl");
        ObjectMapper json = new ObjectMapper();
        Random random = new Random(1);
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            for (int i = 0; i < EDITS; i++) {
                out.println(json.writeValueAsString(edit(DAY.plusMillis((long) i * MILLIS_APART), random)));
            }
        }
        return file;
    }

    private static Map<String, Object> edit(Instant time, Random random) {
        int added = random.nextInt(400);
        int deleted = random.nextInt(200);
        Map<String, Object> edit = new LinkedHashMap<>();
        edit.put("time", time.toString());
        edit.put("channel", "#en.wikipedia");
        edit.put("user", "user " + (int) (15_000 * random.nextDouble() * random.nextDouble()));
        edit.put("page", "page " + random.nextInt(120_000));
        edit.put("namespace", random.nextInt(4) == 0 ? "Talk" : "Main");
        edit.put("comment", random.nextInt(5) == 0 ? null : "comment " + random.nextInt(100));
        edit.put("isAnonymous", false);
        edit.put("isMinor", random.nextBoolean());
        edit.put("isNew", random.nextInt(20) == 0);
        edit.put("isRobot", random.nextInt(3) == 0);
        edit.put("isUnpatrolled", false);
        edit.put("delta", added - deleted);
        edit.put("added", added);
        edit.put("deleted", deleted);
        return edit;
    }
}
