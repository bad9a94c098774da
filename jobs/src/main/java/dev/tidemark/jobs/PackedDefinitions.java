package dev.tidemark.jobs;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.Definitions.Document;
import dev.tidemark.defs.InvalidDefinitionsException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Definitions as one word, small enough for an argument: a cluster shares no directory with the one who submits a job. It is the
 * canonical documents, one a line, compressed and in Base64; the same definitions always give the same word.
 */
public final class PackedDefinitions {
    /** More than any definitions unpack to; what claims to be more is not worth the memory. */
    private static final int LARGEST = 64 << 20;

    private PackedDefinitions() {}

    /** Packs definitions, all kinds of them. */
    public static String pack(Definitions definitions) {
        String lines = definitions.documents().stream().map(Document::json).collect(Collectors.joining("\n"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(lines.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    /**
     * Unpacks what {@link #pack} made.
     *
     * @throws IOException if the text is not that; the message does not repeat it
     * @throws InvalidDefinitionsException if another release packed something that this one does not understand
     */
    public static Definitions unpack(String packed) throws IOException, InvalidDefinitionsException {
        List<DefinitionReader.Text> texts = new ArrayList<>();
        for (String line : lines(packed)) {
            texts.add(new DefinitionReader.Text("definition " + (texts.size() + 1), line));
        }
        return DefinitionReader.read(texts);
    }

    /**
     * What {@link #pack} makes of the views among packed definitions, with what they use. A job that is started once more has no say in
     * services, which may have been changed since.
     *
     * @throws IOException as {@link #unpack}
     * @throws InvalidDefinitionsException as {@link #unpack}
     */
    public static String viewsOnly(String packed) throws IOException, InvalidDefinitionsException {
        Definitions all = unpack(packed);
        return pack(all.only(all.views()));
    }

    private static List<String> lines(String packed) throws IOException {
        byte[] bytes;
        try (GZIPInputStream gzip = new GZIPInputStream(
                new ByteArrayInputStream(Base64.getUrlDecoder().decode(packed)))) {
            bytes = gzip.readNBytes(LARGEST);
        } catch (IllegalArgumentException | IOException e) {
            throw new IOException(
                    "The packed definitions are damaged (" + e.getMessage() + "). Pass what 'tidemark submit' made, or"
                            + " --defs DIR.",
                    e);
        }
        return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }
}
