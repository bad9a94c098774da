package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Entity;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.engine.RowCodec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Values and keys that stores have been known to change, refuse or mix up. */
final class HostileRows {
    static final Entity USER = TestViews.entity("user", "id", DataType.STRING);
    static final Entity PAIR = TestViews.entity("pair", "a", DataType.STRING, "b", DataType.STRING);
    static final Entity PLACE =
            TestViews.entity("place", "lot", DataType.LONG, "indoors", DataType.BOOLEAN, "since", DataType.TIMESTAMP);

    /** A view with a feature of every kind of type. */
    static final FeatureView EVERYTHING = TestViews.view(
            "every\"thing",
            1,
            USER,
            "a_long",
            DataType.LONG,
            "a double",
            DataType.DOUBLE,
            "a_decimal",
            new DataType.Decimal(38, 6),
            "select",
            DataType.BOOLEAN,
            "a\"string",
            DataType.STRING,
            "größe",
            DataType.TIMESTAMP,
            "bytes",
            DataType.BYTES,
            "strings",
            new DataType.ListOf(DataType.STRING),
            "doubles",
            new DataType.ListOf(DataType.DOUBLE),
            "decimals",
            new DataType.ListOf(new DataType.Decimal(20, 2)),
            "times",
            new DataType.ListOf(DataType.TIMESTAMP),
            "blobs",
            new DataType.ListOf(DataType.BYTES),
            "nested",
            new DataType.ListOf(new DataType.ListOf(DataType.LONG)),
            "done",
            DataType.LONG,
            "found",
            DataType.BOOLEAN);

    private static final BigDecimal GREATEST =
            new BigDecimal(BigInteger.TEN.pow(38).subtract(BigInteger.ONE), 6);

    private HostileRows() {}

    static Stream<FeatureRow> rows() {
        Instant year1 = Instant.parse("0001-01-01T00:00:00.001Z");
        Instant year9999 = Instant.parse("9999-12-31T23:59:59.999Z");
        List<Object> nothing = Collections.nCopies(EVERYTHING.features().size(), null);
        return Stream.of(
                row(year9999, nothing),
                row(
                        year1,
                        Arrays.asList(
                                Long.MIN_VALUE,
                                -0.0,
                                GREATEST,
                                false,
                                "",
                                year1,
                                new byte[0],
                                List.of(),
                                Arrays.asList(-0.0, null, 0.0, 0.1 + 0.2),
                                Arrays.asList(new BigDecimal("1.10"), null, new BigDecimal("-0.01")),
                                List.of(year1, year9999),
                                List.of(new byte[] {0, -1}, new byte[0]),
                                Arrays.asList(List.of(1L, 2L), null, List.of()),
                                1L,
                                true)),
                row(
                        Instant.parse("1582-10-09T12:00:00Z"), // a day that the Julian calendar had and ours has not
                        Arrays.asList(
                                Long.MAX_VALUE,
                                Double.MIN_VALUE,
                                GREATEST.negate(),
                                true,
                                "\u0000 \uFFFE \r\n\t '\"\\ {}[]:@%? ünï\uD83D\uDE00 \u202E",
                                year9999,
                                new byte[] {0, 1, -128, 127},
                                Arrays.asList("\u0000", null, "", "\uD83D\uDE00\uFFFE", "null"),
                                List.of(Double.MAX_VALUE, Double.MIN_NORMAL, 2e-3, 1e23, 4.35),
                                List.of(new BigDecimal("999999999999999999.99")),
                                List.of(Instant.EPOCH),
                                List.of(),
                                List.of(),
                                0L,
                                false)),
                row(
                        Instant.parse("2026-03-29T01:30:00.500Z"),
                        Arrays.asList(
                                0L,
                                Math.PI,
                                new BigDecimal("0.000000"),
                                null,
                                "x".repeat(1 << 20),
                                Instant.parse("1883-11-18T17:00:00Z"), // before time zones had whole minutes
                                new byte[1 << 20],
                                List.of("y".repeat(1 << 20)),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null)));
    }

    private static FeatureRow row(Instant lastEvent, List<Object> values) {
        long time = lastEvent.toEpochMilli();
        return new FeatureRow(values, time + 1, time + 60_000, time);
    }

    static Stream<String> userKeys() {
        return Stream.of(
                        "",
                        "plain",
                        "{}",
                        "}{",
                        "a}:every\"thing@1",
                        "[\"a\",\"b\"]",
                        "line\nbreak\r\t",
                        "\u0000",
                        "null",
                        "?*[a]\\",
                        "'; drop table x; --",
                        "ünïcødé \uD83D\uDE00",
                        "u\u0308", // a letter with a combining mark, and below the same as one letter
                        "\u00FC",
                        "\uFFFE",
                        "\uFFFE0000",
                        "\uFFFEfffe",
                        " ",
                        "k".repeat(HistoryTable.MAX_KEY_BYTES))
                .map(text -> JoinKeys.encode(USER, List.of(text)));
    }

    /** Fails unless the rows of {@link #EVERYTHING} are the same to the bit. */
    static void assertSameBits(FeatureRow actual, FeatureRow expected) {
        // Packed, because comparing lists of megabytes element by element takes assertj half a minute.
        RowCodec codec = RowCodec.of(EVERYTHING);
        assertThat(Arrays.equals(codec.encode(actual), codec.encode(expected)))
                .as("%.2000s is %.2000s", actual, expected)
                .isTrue();
    }

    /** The row as a history gives it back. */
    static FeatureRow withoutEnd(FeatureRow row) {
        return new FeatureRow(row.values(), row.validFrom(), FeatureRow.NEVER, row.lastEventTime());
    }

    static String pair(String a, String b) {
        return JoinKeys.encode(PAIR, List.of(a, b));
    }
}
