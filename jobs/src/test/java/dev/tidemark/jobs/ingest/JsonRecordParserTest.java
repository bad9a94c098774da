package dev.tidemark.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.defs.DataType;
import dev.tidemark.jobs.record.RefusalReason;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRecordParserTest {
    private final JsonRecordParser parser = new JsonRecordParser(schema());

    private static Map<String, DataType> schema() {
        Map<String, DataType> schema = new LinkedHashMap<>();
        schema.put("l", DataType.LONG);
        schema.put("x", DataType.DOUBLE);
        schema.put("b", DataType.BOOLEAN);
        schema.put("s", DataType.STRING);
        schema.put("t", DataType.TIMESTAMP);
        schema.put("raw", DataType.BYTES);
        schema.put("d", new DataType.Decimal(5, 2));
        schema.put("list", new DataType.ListOf(DataType.LONG));
        schema.put("lists", new DataType.ListOf(new DataType.ListOf(DataType.STRING)));
        return schema;
    }

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("l", "5", 5L),
                Arguments.of("l", "-0", 0L),
                Arguments.of("l", "5.0", 5L),
                Arguments.of("l", "5e3", 5000L),
                Arguments.of("l", "0e999999999", 0L),
                Arguments.of("l", "9223372036854775807", Long.MAX_VALUE),
                Arguments.of("l", "-9223372036854775808", Long.MIN_VALUE),
                Arguments.of("l", "9223372036854775807.000", Long.MAX_VALUE),
                Arguments.of("x", "5", 5.0),
                Arguments.of("x", "0.1", 0.1),
                Arguments.of("x", "-0.0", -0.0),
                Arguments.of("x", "1e-999", 0.0),
                Arguments.of("x", "123456789012345678901234567890", 123456789012345678901234567890.0),
                Arguments.of("b", "true", true),
                Arguments.of("b", "false", false),
                Arguments.of("s", "\"\"", ""),
                Arguments.of("s", "\"\\u00e9 \\ud83d\\ude00 é\"", "é 😀 é"),
                Arguments.of("t", "\"2015-09-12T00:49:12.942Z\"", Instant.parse("2015-09-12T00:49:12.942Z")),
                Arguments.of("t", "\"2015-09-12T02:49:12+02:00\"", Instant.parse("2015-09-12T00:49:12Z")),
                Arguments.of("t", "\"2015-09-12T00:49Z\"", Instant.parse("2015-09-12T00:49:00Z")),
                Arguments.of("t", "\"2015-09-12T00:49:12.9429999Z\"", Instant.parse("2015-09-12T00:49:12.942Z")),
                Arguments.of(
                        "t", "\"2015-09-12T00:49:12.942999999999999Z\"", Instant.parse("2015-09-12T00:49:12.942Z")),
                Arguments.of("t", "\"1969-12-31T23:59:59.9991Z\"", Instant.ofEpochMilli(-1)),
                Arguments.of("t", "\"1969-12-31T23:59:59.9985Z\"", Instant.ofEpochMilli(-2)),
                Arguments.of("t", "\"9999-12-31T23:59:59.999Z\"", Instant.parse("9999-12-31T23:59:59.999Z")),
                Arguments.of("t", "\"0001-01-01T00:00:00Z\"", Instant.parse("0001-01-01T00:00:00Z")),
                Arguments.of("raw", "\"AQID\"", new byte[] {1, 2, 3}),
                Arguments.of("raw", "\"\"", new byte[] {}),
                Arguments.of("d", "1", new BigDecimal("1.00")),
                Arguments.of("d", "999.99", new BigDecimal("999.99")),
                Arguments.of("d", "-1.5e1", new BigDecimal("-15.00")),
                Arguments.of("d", "1.5000", new BigDecimal("1.50")),
                Arguments.of("d", "0e-999999999", new BigDecimal("0.00")),
                Arguments.of("d", "\"12.34\"", new BigDecimal("12.34")),
                Arguments.of("list", "[]", List.of()),
                Arguments.of("list", "[1,null,3.0]", Arrays.asList(1L, null, 3L)),
                Arguments.of("lists", "[[\"a\"],[],null]", Arrays.asList(List.of("a"), List.of(), null)));
    }

    @ParameterizedTest
    @MethodSource("values")
    void readsWhatFitsTheColumn(String column, String json, Object value) throws RefusedException {
        assertThat(parse("{\"" + column + "\":" + json + "}").get(column)).isEqualTo(value);
    }

    static Stream<Arguments> unfit() {
        return Stream.of(
                Arguments.of("l", "5.5"),
                Arguments.of("l", "1e-1"),
                Arguments.of("l", "9223372036854775808"),
                Arguments.of("l", "-9223372036854775809.0"),
                Arguments.of("l", "1e19"),
                Arguments.of("l", "1e999999999"),
                Arguments.of("l", "1e9999999999"),
                Arguments.of("l", "\"5\""),
                Arguments.of("l", "true"),
                Arguments.of("l", "[5]"),
                Arguments.of("x", "1e999"),
                Arguments.of("x", "-1e999"),
                Arguments.of("x", "\"1\""),
                Arguments.of("x", "{}"),
                Arguments.of("b", "1"),
                Arguments.of("b", "\"true\""),
                Arguments.of("s", "1"),
                Arguments.of("s", "true"),
                Arguments.of("s", "{\"a\":1}"),
                Arguments.of("s", "\"a\\u0000b\""),
                Arguments.of("s", "\"\\ud83d\""),
                Arguments.of("s", "\"\\ude00\\ud83d\""),
                Arguments.of("t", "\"2015-09-12\""),
                Arguments.of("t", "\"2015-09-12T00:49:12\""),
                Arguments.of("t", "\"2015-02-30T00:00:00Z\""),
                Arguments.of("t", "\"0000-12-31T23:59:59Z\""),
                Arguments.of("t", "\"+10000-01-01T00:00:00Z\""),
                Arguments.of("t", "\"+999999999-01-01T00:00:00Z\""),
                Arguments.of("t", "1442018952942"),
                Arguments.of("t", "\"\""),
                Arguments.of("raw", "\"a\""),
                Arguments.of("raw", "\"_-_-\""),
                Arguments.of("raw", "[1]"),
                Arguments.of("d", "1000"),
                Arguments.of("d", "0.001"),
                Arguments.of("d", "1e999999999"),
                Arguments.of("d", "1e-999999999"),
                Arguments.of("d", "\"\""),
                Arguments.of("d", "\"1,5\""),
                Arguments.of("d", "\"NaN\""),
                Arguments.of("d", "true"),
                Arguments.of("list", "1"),
                Arguments.of("list", "[1,\"2\"]"),
                Arguments.of("list", "[[1]]"),
                Arguments.of("list", "{}"),
                Arguments.of("lists", "[[1]]"));
    }

    @ParameterizedTest
    @MethodSource("unfit")
    void refusesWhatDoesNotFitTheColumn(String column, String json) {
        RefusedException refusal = refused("{\"" + column + "\":" + json + "}");

        assertThat(refusal.refusal().reason()).isEqualTo(RefusalReason.WRONG_TYPE);
        assertThat(refusal.refusal().detail())
                .startsWith("Column " + column + ": ")
                .endsWith(".");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "null",
                "1",
                "\"{}\"",
                "[{}]",
                "{",
                "{\"l\":1",
                "{\"l\":1}}",
                "{\"l\":1}{\"l\":2}",
                "{\"l\":1} x",
                "{\"l\":}",
                "{\"l\":1,}",
                "{'l':1}",
                "{\"x\":NaN}",
                "{\"l\":01}",
                "{\"l\":1,\"l\":1}",
                "{\"s\":\"\\x\"}",
                "{\"other\":{\"deep\":[}}"
            })
    void refusesWhatIsNotOneObject(String text) {
        assertThat(refused(text).refusal().reason()).isEqualTo(RefusalReason.MALFORMED);
    }

    @Test
    void takesMissingAndNullColumnsAsNull() throws RefusedException {
        Map<String, Object> columns = parse("{\"l\":null}");

        assertThat(columns.get("l")).isNull();
        assertThat(columns.get("x")).isNull();
    }

    @Test
    void passesOverFieldsThatAreNoColumns() throws RefusedException {
        assertThat(parse("{\"o\":{\"l\":[1,{}]},\"l\":1,\"o\":\"\\u0000\"}")).containsExactly(Map.entry("l", 1L));
    }

    @Test
    void refusesBrokenUtf8() {
        byte[] bytes = "{\"s\":\"?\"}".getBytes(StandardCharsets.UTF_8);
        bytes[6] = (byte) 0xff;

        RefusedException refusal = catchThrowableOfType(RefusedException.class, () -> parser.parse(bytes));

        assertThat(refusal.refusal().reason()).isEqualTo(RefusalReason.MALFORMED);
    }

    @Test
    void survivesNestingWithoutEnd() {
        assertThat(refused("{\"o\":" + "[".repeat(200_000)).refusal().reason()).isEqualTo(RefusalReason.MALFORMED);
        assertThat(refused("{\"l\":" + "[".repeat(200_000)).refusal().reason()).isEqualTo(RefusalReason.WRONG_TYPE);
    }

    @Test
    void quotesLongValuesInShort() {
        assertThat(refused("{\"l\":\"" + "9".repeat(10_000) + "\"}").refusal().detail())
                .hasSizeLessThan(250);
    }

    private Map<String, Object> parse(String json) throws RefusedException {
        return parser.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private RefusedException refused(String json) {
        return catchThrowableOfType(RefusedException.class, () -> parse(json));
    }
}
