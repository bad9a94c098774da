package dev.tidemark.jobs.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.LogPosition;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WireSerializerTest {
    private static final String LONG_TEXT = "é😀".repeat(50_000);
    private static final Refusal REFUSAL = new Refusal(RefusalReason.LATE, LONG_TEXT);

    static Stream<Arguments> records() {
        KeyedEvent event = new KeyedEvent("[\"é\"]", -1, 2, 3, 4, new byte[] {1, -1});
        return Stream.of(
                Arguments.of(KeyedEvent.TYPE, event),
                Arguments.of(EventBundle.TYPE, EventBundle.of(event)),
                Arguments.of(
                        EventBundle.TYPE,
                        new EventBundle(
                                event.key(), List.of(event, new KeyedEvent(event.key(), 5, 0, 9, 0, new byte[0])))),
                Arguments.of(
                        RowUpdate.TYPE,
                        new RowUpdate("[1]", Long.MIN_VALUE, new byte[0], LogPosition.parse("0:1,7:9"), 9)),
                Arguments.of(RowUpdate.TYPE, new RowUpdate("[1]", 5, null, LogPosition.NONE, 0)),
                Arguments.of(DeadLetter.TYPE, new DeadLetter("t", 1, 2, null, REFUSAL, null)),
                Arguments.of(DeadLetter.TYPE, new DeadLetter("t", 1, 2, -5L, REFUSAL, new byte[] {0})),
                Arguments.of(
                        SourceRecord.TYPE,
                        new SourceRecord("t", 1, 2, 3, 4, new byte[] {5}, Arrays.asList(null, event), 6, null)),
                Arguments.of(
                        SourceRecord.TYPE,
                        new SourceRecord("t", 1, 2, SourceRecord.NO_TIME, 0, null, List.of(), 0, REFUSAL)));
    }

    @ParameterizedTest
    @MethodSource("records")
    <T> void readsWhatItWrote(TypeInformation<T> type, T record) throws IOException {
        TypeSerializer<T> serializer = type.createSerializer(new SerializerConfigImpl());
        DataOutputSerializer out = new DataOutputSerializer(16);
        serializer.serialize(record, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());

        T read = serializer.deserialize(in);

        assertThat(read).usingRecursiveComparison().isEqualTo(record);
        assertThat(in.available()).isZero();
    }

    @ParameterizedTest
    @MethodSource("records")
    <T> void isFoundAgainFromItsSnapshot(TypeInformation<T> type, T record) throws IOException {
        TypeSerializer<T> serializer = type.createSerializer(new SerializerConfigImpl());
        DataOutputSerializer out = new DataOutputSerializer(16);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());

        TypeSerializerSnapshot<T> snapshot = TypeSerializerSnapshot.readVersionedSnapshot(
                new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader());

        assertThat(snapshot.restoreSerializer()).isEqualTo(serializer);
        assertThat(serializer.copy(record)).isSameAs(record);
    }
}
