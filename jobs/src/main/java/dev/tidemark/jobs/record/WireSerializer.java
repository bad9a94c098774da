package dev.tidemark.jobs.record;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** A serializer of an immutable type: there is nothing to copy and nothing to reuse. */
abstract class WireSerializer<T> extends TypeSerializerSingleton<T> {
    private static final long serialVersionUID = 1L;
    private static final int ABSENT = -1;

    @Override
    public final boolean isImmutableType() {
        return true;
    }

    /** There is no blank instance to be filled in later. */
    @Override
    public final @Nullable T createInstance() {
        return null;
    }

    @Override
    public final T copy(T from) {
        return from;
    }

    @Override
    public final T copy(T from, T reuse) {
        return from;
    }

    @Override
    public final int getLength() {
        return -1;
    }

    @Override
    public final T deserialize(T reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public final void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    static void writeBytes(byte[] bytes, DataOutputView target) throws IOException {
        target.writeInt(bytes.length);
        target.write(bytes);
    }

    static byte[] readBytes(DataInputView source) throws IOException {
        byte[] bytes = new byte[source.readInt()];
        source.readFully(bytes);
        return bytes;
    }

    static void writeOptionalBytes(byte @Nullable [] bytes, DataOutputView target) throws IOException {
        if (bytes == null) {
            target.writeInt(ABSENT);
        } else {
            writeBytes(bytes, target);
        }
    }

    static byte @Nullable [] readOptionalBytes(DataInputView source) throws IOException {
        int length = source.readInt();
        if (length == ABSENT) {
            return null;
        }
        byte[] bytes = new byte[length];
        source.readFully(bytes);
        return bytes;
    }

    /** Unlike {@code writeUTF}, for text of any length. */
    static void writeText(String text, DataOutputView target) throws IOException {
        writeBytes(text.getBytes(StandardCharsets.UTF_8), target);
    }

    static String readText(DataInputView source) throws IOException {
        return new String(readBytes(source), StandardCharsets.UTF_8);
    }

    static void writeRefusal(Refusal refusal, DataOutputView target) throws IOException {
        writeText(refusal.reason().name(), target);
        writeText(refusal.detail(), target);
    }

    static Refusal readRefusal(DataInputView source) throws IOException {
        return new Refusal(RefusalReason.valueOf(readText(source)), readText(source));
    }
}
