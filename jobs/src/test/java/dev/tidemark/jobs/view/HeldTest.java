package dev.tidemark.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Savepoints hold chunks, so their bytes must not change. */
class HeldTest {
    private static final String GOLDEN =
            "010000000000000029000000030000018bcfe56801000000030a141e0000018bcfe56802ffffffff0000018bcfe567ff"
                    + "fffffffe000000070000001cbe991a14";

    @Test
    void aChunkIsWrittenAsEver() {
        Held.Chunk chunk = new Held.Chunk(
                41,
                List.of(
                        new Held.Row(1_700_000_000_001L, new byte[] {10, 20, 30}),
                        new Held.Row(1_700_000_000_002L, null),
                        new Held.Refused(1_699_999_999_999L, 7, 123_456_789_012L)));
        assertThat(HexFormat.of().formatHex(chunk.encode())).isEqualTo(GOLDEN);

        Held.Chunk read = Held.Chunk.decode(HexFormat.of().parseHex(GOLDEN));
        assertThat(read).usingRecursiveComparison().isEqualTo(chunk);
    }

    @Test
    void aChunkOfAnotherReleaseIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Held.Chunk.decode(HexFormat.of().parseHex("02" + GOLDEN.substring(2))))
                .withMessageContaining("have format 2, but this job reads format 1");
    }

    @Test
    void aChunkThatEndsTooEarlyIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Held.Chunk.decode(HexFormat.of().parseHex(GOLDEN.substring(0, 60))))
                .withMessageContaining("end in the middle of one");
    }
}
