package dev.tidemark.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.Refusal;
import dev.tidemark.jobs.record.RefusalReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredDeadLetterTest {
    @ParameterizedTest
    @EnumSource
    void readsWhatTheSerializerWrites(RefusalReason reason) throws IOException {
        byte[] bytes = {1, 2, (byte) 0xff};
        StoredDeadLetter letter = stored(new DeadLetter("t", 1, 2, -3L, new Refusal(reason, "Why \"é\"\n"), bytes));

        assertThat(letter.position()).isEqualTo("1:2");
        assertThat(letter.refusedAt()).isEqualTo(9);
        assertThat(letter.eventTime()).isEqualTo(-3);
        assertThat(letter.reason()).isEqualTo(reason.spelling());
        assertThat(letter.detail()).isEqualTo("Why \"é\"\n");
        assertThat(letter.bytes()).isEqualTo(bytes);
        assertThat(letter.isWhole()).isTrue();
        assertThat(letter.isTombstone()).isFalse();
    }

    @Test
    void tellsAMissingValueFromOneThatDidNotComeAlong() throws IOException {
        StoredDeadLetter tombstone =
                stored(new DeadLetter("t", 1, 2, null, new Refusal(RefusalReason.MALFORMED, "x"), null));
        StoredDeadLetter behind =
                stored(new DeadLetter("t", 1, 2, null, new Refusal(RefusalReason.BEHIND_SETTLED, "x"), null));
        StoredDeadLetter longer =
                stored(new DeadLetter("t", 1, 2, null, new Refusal(RefusalReason.LATE, "x"), new byte[1_000_000]));

        assertThat(tombstone.isTombstone()).isTrue();
        assertThat(tombstone.eventTime()).isNull();
        assertThat(behind.isTombstone()).isFalse();
        assertThat(behind.isWhole()).isFalse();
        assertThat(longer.isWhole()).isFalse();
        assertThat(longer.size()).isEqualTo(1_000_000);
        assertThat(longer.whole(new byte[1_000_000]).isWhole()).isTrue();
    }

    @Test
    void readsLettersOfLaterReleases() throws IOException {
        StoredDeadLetter letter = StoredDeadLetter.read(
                9,
                "{\"new\":{\"a\":[1]},\"partition\":1,\"offset\":2,\"reason\":\"boring\",\"size\":null}"
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(letter.reason()).isEqualTo("boring");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "{}", "{\"partition\":\"1\"}", "{\"partition\":1,\"offset\":2}", "{\"partition\":1"})
    void refusesWhatIsNoLetter(String text) {
        assertThatThrownBy(() -> StoredDeadLetter.read(9, text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class);
    }

    private static StoredDeadLetter stored(DeadLetter letter) throws IOException {
        return StoredDeadLetter.read(9, DeadLetterSerializer.json(letter));
    }
}
