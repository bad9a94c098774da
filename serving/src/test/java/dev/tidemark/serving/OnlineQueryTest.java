package dev.tidemark.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How much one request may ask for. */
class OnlineQueryTest {
    private static final int FEATURES = 199;

    private static final Catalog CATALOG = new Catalog(TestDefinitions.read(
            """
            kind: Source
            name: edits
            kafka: { topic: wiki-edits, format: json }
            schema: { time: timestamp, user: string, added: long }
            event_time: time
            allowed_lateness: 10s
            ---
            kind: Entity
            name: editor
            keys: { user: string }
            ---
            kind: FeatureView
            name: wide
            version: 1
            entity: editor
            source: edits
            features:
            """
                    + IntStream.range(0, FEATURES)
                            .mapToObj(i -> "  - { name: f" + i + ", aggregate: last, column: added }")
                            .collect(Collectors.joining("\n"))));

    @Test
    void asksForAMillionValuesAtMost() {
        assertThat(query("wide", 5_000).lookups()).hasSize(5_000);

        assertRefused("wide");
        // The row is read with all that is in it.
        assertRefused("wide:f7");
    }

    private static void assertRefused(String feature) {
        assertThatThrownBy(() -> query(feature, 5_001)).isInstanceOfSatisfying(ApiException.class, refused -> {
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.detail())
                    .isEqualTo("The request would read 1000200 values, in 5001 rows and 200 columns: the join keys and"
                            + " all stored features of the views asked for. One request may read 1000000."
                            + " Send several, with at most 5000 rows each.");
        });
    }

    @Test
    void isAsLargeAsItsValuesAndItsKeys() {
        // A key is in quotes and brackets.
        assertThat(query("wide", 3).size()).isEqualTo(3 * 200 + 3 * 6 / 8);
    }

    private static OnlineQuery query(String feature, int rows) {
        String users = IntStream.range(0, rows).mapToObj(i -> "\"u" + i + "\"").collect(Collectors.joining(","));
        String body = "{\"features\": [\"" + feature + "\"], \"entities\": {\"user\": [" + users + "]}}";
        return OnlineQuery.of(OnlineRequest.parse(body.getBytes(StandardCharsets.UTF_8)), CATALOG);
    }
}
