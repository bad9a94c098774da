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
        assertThat(query(5_000).lookups()).hasSize(5_000);

        assertThatThrownBy(() -> query(5_001)).isInstanceOfSatisfying(ApiException.class, refused -> {
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.detail())
                    .isEqualTo("The answer would have 1000200 values, in 5001 rows and 200 columns; "
                            + "one answer may have 1000000. Send several requests, with at most 5000 rows each.");
        });
    }

    private static OnlineQuery query(int rows) {
        String users = IntStream.range(0, rows).mapToObj(i -> "\"u" + i + "\"").collect(Collectors.joining(","));
        String body = "{\"features\": [\"wide\"], \"entities\": {\"user\": [" + users + "]}}";
        return OnlineQuery.of(OnlineRequest.parse(body.getBytes(StandardCharsets.UTF_8)), CATALOG);
    }
}
