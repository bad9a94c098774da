package dev.tidemark.defs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.defs.Definitions.Document;
import dev.tidemark.defs.Definitions.Kind;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CanonicalDocumentsTest {
    private static final String BASE =
            """
            { kind: Source, name: s, kafka: { topic: t }, schema: { t: timestamp, k: string, x: double }, event_time: t }
            ---
            { kind: Entity, name: e, keys: { k: string } }
            """;

    @Test
    void theDocumentsOfDefinitionsAreReadAsTheSameDefinitions() throws Exception {
        Definitions definitions = Samples.everything();

        assertThat(Samples.readAgain(definitions)).isEqualTo(definitions);
        assertThat(Samples.readAgain(definitions).documents()).isEqualTo(definitions.documents());
    }

    @Test
    void documentsAreListedByKindWithTheirNamesAndVersions() throws Exception {
        assertThat(Samples.everything().documents())
                .extracting(Document::kind, Document::name, Document::version)
                .containsExactly(
                        tuple(Kind.SOURCE, "edits", 0),
                        tuple(Kind.ENTITY, "editor", 0),
                        tuple(Kind.FEATURE_VIEW, "all_of_it", 3),
                        tuple(Kind.FEATURE_SERVICE, "model", 0));
    }

    @Test
    void layoutCommentsOrderOfFieldsAndSpellingDoNotMatter() throws Exception {
        String compact =
                """
                kind: FeatureView
                name: v
                entity: e
                source: s
                ttl: 60s
                where: "x > 0.0"
                columns: { y: { ema: x, span: 3 } }
                features:
                  - { name: n, aggregate: count, windows: [1h, { length: 48h, as: 48h }], default: 0 }
                  - { name: m, aggregate: max, column: y, default: 0 }
                history: { every: 1d }
                """;
        String verbose =
                """
                # The same again.
                version: 1
                history:
                    every: 24h
                features:
                -   windows: [{ step: 10000ms, offset: 0m, length: 1h, as: 1h }, 48h]
                    aggregate: "count"
                    name: n
                -   { default: 0.0, column: y, aggregate: max, name: m }
                columns:
                    y: { smoothing: 0.5, ema: x }
                where: |
                    x > 0.0
                ttl: 1m
                source: s
                entity: e
                name: 'v'
                kind: FeatureView
                """;

        assertThat(viewJson(verbose)).isEqualTo(viewJson(compact));
    }

    @Test
    void orderOfListsSchemasAndKeysMatters() throws Exception {
        String first = "{ kind: Entity, name: e2, keys: { a: string, b: string } }";
        String second = "{ kind: Entity, name: e2, keys: { b: string, a: string } }";

        assertThat(Samples.read(first).documents())
                .isNotEqualTo(Samples.read(second).documents());
    }

    @Test
    void aChangedMeaningChangesTheDocument() throws Exception {
        String view =
                "{ kind: FeatureView, name: v, entity: e, source: s, features: [{ name: n, aggregate: count, windows: [%s] }] }";

        assertThat(viewJson(view.formatted("1h"))).isNotEqualTo(viewJson(view.formatted("60m")));
        assertThat(viewJson(view.formatted("1h"))).isNotEqualTo(viewJson(view.formatted("{ length: 1h, step: 1m }")));
    }

    @Test
    void everyCharacterSurvivesTheRoundTrip() throws Exception {
        StringBuilder escapes = new StringBuilder("\\U0001F600\\U0010FFFF");
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            escapes.append(Character.isSurrogate((char) c) ? "" : String.format("\\u%04x", c));
        }
        Definitions definitions = Samples.read(
                BASE,
                "{ kind: FeatureView, name: v, entity: e, source: s, description: \"" + escapes
                        + "\", features: [{ name: n, aggregate: count }] }");

        assertThat(definitions.views().get(0).description()).hasSize(Character.MAX_VALUE + 1 - 2_048 + 4);
        assertThat(Samples.readAgain(definitions)).isEqualTo(definitions);
    }

    @Test
    void ordinaryTextsStandAsTheyAre() throws Exception {
        String view =
                "{ kind: FeatureView, name: v, entity: e, source: s, description: 'Ünï \u2028 \uD83D\uDE00', features: [%s] }";

        assertThat(viewJson(view.formatted("{ name: n, aggregate: sum, column: x, default: 2e23 }")))
                .containsExactly("{\"description\":\"Ünï \u2028 \uD83D\uDE00\",\"entity\":\"e\",\"features\":["
                        + "{\"aggregate\":\"sum\",\"column\":\"x\",\"default\":2.0E23,\"name\":\"n\"}],"
                        + "\"kind\":\"FeatureView\",\"name\":\"v\",\"source\":\"s\",\"version\":1}");
    }

    @Property(tries = 300)
    void anyFeatureNameSurvivesTheRoundTrip(@ForAll("names") String name, @ForAll("windows") String window)
            throws Exception {
        String feature = "{ name: " + name + ", aggregate: sum, column: x"
                + (window.isEmpty() ? "" : ", windows: [" + window + "]") + " }";
        String view = "{ kind: FeatureView, name: v, entity: e, source: s, features: [" + feature + "] }";
        Definitions definitions = Samples.read(BASE, view);

        assertThat(Samples.readAgain(definitions)).isEqualTo(definitions);
        assertThat(definitions.views().get(0).features().get(0).name()).startsWith(name);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings()
                .withChars("abAB_019")
                .ofMinLength(1)
                .ofMaxLength(12)
                .map(name -> "x" + name);
    }

    @Provide
    Arbitrary<String> windows() {
        Arbitrary<String> durations = Combinators.combine(
                        Arbitraries.integers().between(1, 99), Arbitraries.of("s", "m", "h", "d", "w"))
                .as((count, unit) -> count + unit);
        Arbitrary<String> suffixes = Arbitraries.strings()
                .withChars("ab_019m")
                .ofMinLength(1)
                .ofMaxLength(8)
                .map(text -> text + "z");
        return Arbitraries.oneOf(
                Arbitraries.just(""),
                durations,
                Combinators.combine(durations, durations).as("{ length: %s, offset: %s }"::formatted),
                Combinators.combine(durations, suffixes).as("{ length: %s, as: %s }"::formatted),
                durations.map("{ tumbling: %s }"::formatted));
    }

    private static List<String> viewJson(String view) throws InvalidDefinitionsException {
        return Samples.read(BASE, view).documents().stream()
                .filter(document -> document.kind() == Kind.FEATURE_VIEW)
                .map(Document::json)
                .toList();
    }
}
