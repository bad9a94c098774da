package dev.tidemark.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.record.DeadLetter;
import dev.tidemark.jobs.record.Refusal;
import dev.tidemark.jobs.record.RefusalReason;
import dev.tidemark.jobs.record.SourceRecord;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that are meant to break the reader: each is refused with a reason, keeps its bytes, and takes memory by its size alone. */
class HostileRecordsTest {
    private static final int MB = 1 << 20;
    private static final Source SOURCE = TestViews.payments("payments");

    private final EventReader reader =
            new EventReader(SOURCE, List.of(TestViews.byCard(SOURCE), TestViews.byMerchant(SOURCE)));

    static Stream<Arguments> hostile() {
        return Stream.of(
                refused("a key of 1 MB", card("x".repeat(MB)), RefusalReason.KEY_TOO_LONG),
                refused("a key of escapes", card("\\u0001".repeat(MB / 6)), RefusalReason.KEY_TOO_LONG),
                refused("a key of 10 MB", card("é".repeat(5 * MB)), RefusalReason.KEY_TOO_LONG),
                refused("a key with U+0000", card("a\\u0000b"), RefusalReason.WRONG_TYPE),
                refused("a key with a null byte", card("a\0b"), RefusalReason.MALFORMED),
                refused("a key with half a pair", card("\\ud800"), RefusalReason.WRONG_TYPE),
                refused("10 MB of nothing", "\0".repeat(10 * MB), RefusalReason.MALFORMED),
                refused("10 MB of blanks", " ".repeat(10 * MB), RefusalReason.MALFORMED),
                refused("10 MB of brackets", "[".repeat(10 * MB), RefusalReason.MALFORMED),
                refused("deep arrays", amount("[".repeat(MB)), RefusalReason.WRONG_TYPE),
                refused("deep objects", "{\"a\":".repeat(MB), RefusalReason.MALFORMED),
                refused(
                        "deep objects, closed",
                        "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000),
                        RefusalReason.MALFORMED),
                refused("a text without end", "{\"card\":\"" + "x".repeat(10 * MB), RefusalReason.MALFORMED),
                refused("a name without end", "{\"" + "x".repeat(10 * MB), RefusalReason.MALFORMED),
                refused("a double of 1e999999999", amount("1e999999999"), RefusalReason.WRONG_TYPE),
                refused("a double of -1e999999999", amount("-1e999999999"), RefusalReason.WRONG_TYPE),
                refused("a long of 1e999999999", merchant("1e999999999"), RefusalReason.WRONG_TYPE),
                refused("a long of 1e-999999999", merchant("1e-999999999"), RefusalReason.WRONG_TYPE),
                refused("an exponent beyond an int", merchant("1e99999999999"), RefusalReason.WRONG_TYPE),
                refused("a double of a million digits", amount("9".repeat(MB)), RefusalReason.MALFORMED),
                refused("a long of a million digits", merchant("9".repeat(MB)), RefusalReason.MALFORMED),
                refused("an exponent of a million digits", amount("1e" + "9".repeat(MB)), RefusalReason.MALFORMED),
                refused(
                        "a time of a million digits",
                        time("2026-01-01T00:00:00." + "9".repeat(MB) + "X"),
                        RefusalReason.WRONG_TYPE),
                refused(
                        "a time that is a number",
                        TestViews.payment(0, "c", 1L, "DE", 1).replaceFirst("\"[^\"]*Z\"", "5"),
                        RefusalReason.WRONG_TYPE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void areRefusedWithTheirBytesAndWithoutMoreMemoryThanTheyHave(String name, byte[] bytes, RefusalReason reason) {
        reader.read(0, 0, 0, TestViews.payment(0, "c", 1L, "DE", 1).getBytes(StandardCharsets.UTF_8));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        SourceRecord record = reader.read(3, 7, 0, bytes);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        Refusal refusal = record.refusal();
        assertThat(refusal).isNotNull();
        assertThat(refusal.reason()).as(refusal.detail()).isEqualTo(reason);
        assertThat(refusal.detail()).hasSizeLessThan(400);
        DeadLetter letter = record.deadLetter(refusal);
        assertThat(letter.bytes()).isSameAs(bytes);
        assertThat(letter.offset()).isEqualTo(7);
        assertThat(allocated).isLessThan(16L * bytes.length + 4 * MB);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0001-01-01T00:00:00Z",
                "0001-01-01T01:00:00+01:00",
                "9999-12-31T23:59:59.999Z",
                "9999-12-31T23:59:59.999999999999Z"
            })
    void takesTheFirstAndTheLastInstant(String text) {
        SourceRecord record = read(time(text));

        assertThat(record.refusal()).isNull();
        assertThat(record.time())
                .isIn(
                        Instant.parse("0001-01-01T00:00:00Z").toEpochMilli(),
                        Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000-12-31T23:59:59.999Z",
                "0001-01-01T00:59:59+01:00",
                "-0001-01-01T00:00:00Z",
                "-999999999-01-01T00:00:00Z",
                "+10000-01-01T00:00:00Z",
                "9999-12-31T23:59:59-01:00",
                "+999999999-12-31T23:59:59Z",
                "+9999999999-01-01T00:00:00Z"
            })
    void refusesInstantsBeyond(String text) {
        assertThat(read(time(text)).refusal().reason()).isEqualTo(RefusalReason.WRONG_TYPE);
    }

    @Test
    void passesOverWhateverIsInFieldsThatAreNoColumns() {
        String fields = "\"x\":\"" + "y".repeat(5 * MB) + "\",\"z\":1e999999999,";
        String many = String.join("", java.util.Collections.nCopies(100_000, "\"same\":0,"));
        String text = TestViews.payment(0, "c", 1L, "DE", 1);

        assertThat(read("{" + fields + many + text.substring(1)).refusal()).isNull();
    }

    @Test
    void takesTheLongestKeyOfWhatPostgresNeedsMostBytesFor() {
        assertThat(read(card("\\ufffe".repeat(340))).refusal()).isNull();
        assertThat(read(card("\\ufffe".repeat(341))).refusal().reason()).isEqualTo(RefusalReason.KEY_TOO_LONG);
    }

    @Test
    void readsOnAfterEachOfThem() {
        hostile().forEach(record -> reader.read(0, 0, 0, (byte[]) record.get()[1]));

        assertThat(read(TestViews.payment(5, "c", 1L, "DE", 1)).refusal()).isNull();
        assertThat(read(TestViews.payment(5, "c", 1L, "DE", 1)).time()).isEqualTo(5);
    }

    @Test
    void theReasonDoesNotHangOnWhatElseIsInTheRecord() {
        byte[] bytes = new byte[MB];
        Arrays.fill(bytes, (byte) 0xff);

        assertThat(reader.read(0, 0, 0, bytes).refusal().reason()).isEqualTo(RefusalReason.MALFORMED);
        assertThat(reader.read(0, 0, 0, new byte[0]).refusal().reason()).isEqualTo(RefusalReason.MALFORMED);
    }

    private SourceRecord read(String text) {
        return reader.read(3, 7, 0, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Arguments refused(String name, String text, RefusalReason reason) {
        return Arguments.of(name, text.getBytes(StandardCharsets.UTF_8), reason);
    }

    private static String card(String json) {
        return "{\"time\":\"2026-01-01T00:00:00Z\",\"merchant\":1,\"country\":\"DE\",\"card\":\"" + json + "\"}";
    }

    private static String amount(String json) {
        return TestViews.payment(0, "c", 1L, "DE", 1).replace("1.0}", json + "}");
    }

    private static String merchant(String json) {
        return TestViews.payment(0, "c", 1L, "DE", 1).replace("\"merchant\":1", "\"merchant\":" + json);
    }

    private static String time(String text) {
        return "{\"time\":\"" + text + "\",\"merchant\":1,\"country\":\"DE\",\"card\":\"c\",\"amount\":1}";
    }
}
