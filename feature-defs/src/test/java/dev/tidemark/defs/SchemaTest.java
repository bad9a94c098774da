package dev.tidemark.defs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON Schema for editors accepts what the reader accepts, and catches typical mistakes. */
class SchemaTest {
    private static final YAMLMapper YAML = new YAMLMapper(new YAMLFactory());
    private static final JsonSchema SCHEMA = load();

    private static JsonSchema load() {
        try (InputStream in = SchemaTest.class.getResourceAsStream("tidemark.schema.json")) {
            return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("examples"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void acceptsEveryDocumentOfTheExamples(Path file) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        try (MappingIterator<JsonNode> read = YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
            read.forEachRemaining(documents::add);
        }

        assertThat(documents).isNotEmpty().allSatisfy(document -> assertThat(SCHEMA.validate(document))
                .isEmpty());
    }

    @Test
    void acceptsEveryFormOfTheLanguageAndItsCanonicalDocuments() throws Exception {
        Definitions definitions = Samples.everything();

        assertThat(definitions.documents())
                .allSatisfy(document -> assertThat(SCHEMA.validate(document.json(), InputFormat.JSON))
                        .isEmpty());
        for (String text : Samples.EVERYTHING.split("\n---\n", -1)) {
            assertThat(check(text)).as(text).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind: Sauce",
                "name: nothing",
                "{ kind: Entity, name: a-b, keys: { user: string } }",
                "{ kind: Entity, name: a, keys: {} }",
                "{ kind: Entity, name: a, keys: { user: bytes } }",
                "{ kind: Entity, name: a, keys: { user: string }, key: user }",
                "{ kind: Source, name: s, kafka: { topic: t, format: xml }, schema: { t: timestamp }, event_time: t }",
                "{ kind: Source, name: s, kafka: { topic: t }, schema: { t: int }, event_time: t }",
                "{ kind: Source, name: s, kafka: { topic: t }, schema: { t: long }, event_time: { column: t, unit: ms } }",
                "{ kind: Source, name: s, kafka: { topic: t }, schema: { t: timestamp }, event_time: t, allowed_lateness: 10 }",
                "{ kind: FeatureService, name: s, features: ['a:b:c'] }",
                "{ kind: FeatureView, name: v, entity: e, source: s, features: [] }",
                "{ kind: FeatureView, name: v, entity: e, source: s, version: 0, features: [{ name: a, aggregate: count }] }",
            })
    void refusesTypicalMistakes(String text) throws Exception {
        assertThat(check(text)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ name: a, aggregate: cuont }",
                "{ name: a, aggregate: sum }",
                "{ name: a, aggregate: count, window: [1h] }",
                "{ name: a, aggregate: count, windows: 1h }",
                "{ name: a, aggregate: count, windows: [0s] }",
                "{ name: a, aggregate: count, windows: [1 hour] }",
                "{ name: a, aggregate: count, windows: [{ length: 1h, tumbling: 1d }] }",
                "{ name: a, aggregate: count, n: 3 }",
                "{ name: a, aggregate: last_n, column: c }",
                "{ name: a, aggregate: ema, column: c, span: 3, wilder: 3 }",
                "{ name: a, aggregate: approx_percentile, column: c, p: 99 }",
                "{ name: a, aggregate: rate, per: 1m }",
            })
    void refusesTypicalMistakesInFeatures(String feature) throws Exception {
        assertThat(check("{ kind: FeatureView, name: v, entity: e, source: s, features: [" + feature + "] }"))
                .isNotEmpty();
    }

    private static Set<ValidationMessage> check(String yaml) throws JsonProcessingException {
        return SCHEMA.validate(YAML.readTree(yaml));
    }
}
