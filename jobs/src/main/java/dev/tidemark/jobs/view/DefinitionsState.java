package dev.tidemark.jobs.view;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.Definitions.Document;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.engine.Lineage;
import dev.tidemark.engine.Lineage.Earlier;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;

/**
 * The definitions under which a view's entities were written, kept beside them. Each instance writes the same definitions, and how far
 * it has come itself; each is given what all have written. An element holds: format version (1 byte), how many definitions (4 bytes),
 * and of each, oldest first, its canonical documents, up to which instant rows were settled and the greatest event time (8 bytes each).
 */
final class DefinitionsState {
    private static final byte FORMAT = 1;
    private static final ListStateDescriptor<byte[]> ELEMENTS =
            new ListStateDescriptor<>("definitions", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private final ListState<byte[]> elements;
    private final Lineage lineage;
    private boolean amended;
    private long settled = Long.MIN_VALUE;
    private long newestEvent = Long.MIN_VALUE;

    /**
     * Reads what was kept, if anything was.
     *
     * @param corrections how far back settled rows can be corrected
     * @throws IllegalArgumentException if the view cannot go on from the definition of the savepoint; it says why, and what to do
     * @throws IllegalStateException if the state is of another release
     */
    DefinitionsState(OperatorStateStore store, FeatureView view, Duration corrections) throws Exception {
        this.elements = store.getUnionListState(ELEMENTS);
        List<Earlier> written = List.of();
        for (byte[] element : elements.get()) {
            written = decode(element);
            Earlier last = written.get(written.size() - 1);
            settled = Math.max(settled, last.settled());
            newestEvent = Math.max(newestEvent, last.newestEvent());
        }
        this.lineage = Lineage.of(earlier(written, view), view, corrections);
    }

    /** The definitions before this one, of those under which states were written. */
    private List<Earlier> earlier(List<Earlier> written, FeatureView view) {
        if (written.isEmpty()) {
            return written;
        }
        List<Earlier> earlier = new ArrayList<>(written.subList(0, written.size() - 1));
        FeatureView last = written.get(written.size() - 1).view();
        if (!documents(last).equals(documents(view))) {
            earlier.add(new Earlier(last, settled, newestEvent));
            amended = true;
        }
        return earlier;
    }

    Lineage lineage() {
        return lineage;
    }

    /** Whether the view has another definition than when the state was written. */
    boolean amended() {
        return amended;
    }

    /** Up to which instant rows were settled at most, also before the restore, epoch milliseconds; less than any if none were. */
    long settled() {
        return settled;
    }

    /** Rows are settled up to a watermark. That of the end of the input says nothing of the log that a job may go on with. */
    void settle(long watermark) {
        if (watermark < Long.MAX_VALUE) {
            settled = Math.max(settled, watermark + 1);
        }
    }

    /** The greatest event time before the restore, epoch milliseconds; less than any if there was none. */
    long newestEvent() {
        return newestEvent;
    }

    /**
     * Writes how far this instance has come.
     *
     * @param newest the greatest event time that was taken in
     */
    void write(FeatureView view, long newest) throws Exception {
        List<Earlier> all = new ArrayList<>(lineage.earlier());
        all.add(new Earlier(view, settled, newest));
        elements.update(List.of(encode(all)));
    }

    private static byte[] encode(List<Earlier> definitions) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeInt(definitions.size());
            for (Earlier definition : definitions) {
                List<String> documents = documents(definition.view());
                out.writeInt(documents.size());
                for (String document : documents) {
                    byte[] text = document.getBytes(StandardCharsets.UTF_8);
                    out.writeInt(text.length);
                    out.write(text);
                }
                out.writeLong(definition.settled());
                out.writeLong(definition.newestEvent());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static List<Earlier> decode(byte[] element) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(element));
        byte format = in.readByte();
        if (format != FORMAT) {
            throw new IllegalStateException("The definitions in the state have format " + format
                    + ", but this job reads format " + FORMAT
                    + ". Was the savepoint written by another release of Tidemark?");
        }
        List<Earlier> definitions = new ArrayList<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            List<DefinitionReader.Text> documents = new ArrayList<>();
            int count = in.readInt();
            for (int document = 0; document < count; document++) {
                String text = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
                documents.add(new DefinitionReader.Text("the state's definition " + (document + 1), text));
            }
            definitions.add(new Earlier(view(documents), in.readLong(), in.readLong()));
        }
        return definitions;
    }

    private static FeatureView view(List<DefinitionReader.Text> documents) {
        try {
            return DefinitionReader.read(documents).views().get(0);
        } catch (InvalidDefinitionsException e) {
            throw new IllegalStateException(
                    "The savepoint has a definition that this release does not understand:\n" + e.getMessage(), e);
        }
    }

    private static List<String> documents(FeatureView view) {
        return Definitions.of(view).documents().stream().map(Document::json).toList();
    }
}
