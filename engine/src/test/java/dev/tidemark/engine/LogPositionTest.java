package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogPositionTest {
    private static final LogPosition POSITION =
            LogPosition.NONE.with(3, 17).with(0, 1042).with(3, 5);

    @Test
    void keepsTheGreatestOffsetOfEachPartition() {
        assertThat(POSITION).hasToString("0:1042,3:17");
        assertThat(POSITION.with(3, 18)).hasToString("0:1042,3:18");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0:0", "0:1042,3:17", "2147483647:9223372036854775807"})
    void readsWhatItWrote(String text) throws IOException {
        LogPosition position = LogPosition.parse(text);
        assertThat(position).hasToString(text);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        position.write(new DataOutputStream(bytes));
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        assertThat(LogPosition.read(in)).isEqualTo(position).hasSameHashCodeAs(position);
        assertThat(in.available()).isZero();
    }

    @Test
    void coversWhatItHasReadAtLeastAsFar() {
        assertThat(POSITION.covers(POSITION)).isTrue();
        assertThat(POSITION.covers(LogPosition.NONE)).isTrue();
        assertThat(POSITION.covers(LogPosition.parse("3:17"))).isTrue();
        assertThat(POSITION.covers(LogPosition.parse("3:18"))).isFalse();
        assertThat(POSITION.covers(LogPosition.parse("0:1,1:0"))).isFalse();
        assertThat(LogPosition.NONE.covers(POSITION)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1", ":1", "1:", "1:2,", "-1:2", "1:-2", "1:2:3"})
    void saysWhichPartIsNoPosition(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogPosition.parse(text))
                .withMessageContaining("write PARTITION:OFFSET, as in 0:1042");
    }

    @Test
    void joinsWhatEitherAndWhatBothHaveRead() {
        LogPosition one = LogPosition.parse("0:5,1:9,4:0");
        LogPosition other = LogPosition.parse("0:7,1:8,2:3");

        assertThat(one.and(other)).hasToString("0:7,1:9,2:3,4:0").isEqualTo(other.and(one));
        assertThat(one.shared(other)).hasToString("0:5,1:8").isEqualTo(other.shared(one));
        assertThat(one.and(LogPosition.NONE)).isEqualTo(one);
        assertThat(one.shared(LogPosition.NONE)).isEqualTo(LogPosition.NONE);
        assertThat(one.offset(4)).isZero();
        assertThat(one.offset(2)).isEqualTo(LogPosition.NOTHING_READ);
        assertThat(one.offsets()).hasToString("{0=5, 1=9, 4=0}");
    }
}
