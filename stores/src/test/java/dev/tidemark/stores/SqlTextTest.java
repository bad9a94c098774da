package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "\u0000",
                "\uD83D",
                "\uDE00\uD83D",
                "\uFFFE",
                "\uFFFE0000",
                "a\uFFFEb\u0000c\uD83D\uDE00"
            })
    void givesBackEveryString(String text) {
        String escaped = SqlText.escape(text);

        assertThat(SqlText.unescape(escaped)).isEqualTo(text);
        assertThat(escaped).doesNotContain("\u0000");
        assertThat(new String(
                        escaped.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(escaped);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "ünï\uD83D\uDE00"})
    void leavesOrdinaryTextAsItIs(String text) {
        assertThat(SqlText.escape(text)).isSameAs(text);
    }
}
