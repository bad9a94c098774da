package dev.tidemark.defs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.defs.Aggregate.Plain;
import dev.tidemark.defs.DefinitionReader.Text;
import dev.tidemark.defs.FeatureService.FeatureReference;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionReaderTest {

    @ParameterizedTest
    @CsvSource({"wiki, 1, 2, 2, vandalism_model", "payments, 1, 2, 2, fraud_model", "tickers, 1, 1, 1, trend_model"})
    void readsTheExamples(String name, int sources, int entities, int views, String service) throws Exception {
        Definitions definitions = DefinitionReader.readDirectory(Path.of("examples", name));

        assertThat(definitions.sources()).hasSize(sources);
        assertThat(definitions.entities()).hasSize(entities);
        assertThat(definitions.views()).hasSize(views);
        assertThat(definitions.service(service)).isPresent();
        assertThat(Samples.readAgain(definitions)).isEqualTo(definitions);
    }

    @Test
    void everyDeclaredDerivedFeatureOfTheExamplesIsThere() throws Exception {
        Definitions wiki = DefinitionReader.readDirectory(Path.of("examples/wiki"));

        assertThat(view(wiki, "editor_activity").derived())
                .extracting(DerivedFeature::name)
                .containsExactly("burst", "removal_share", "accelerating", "idle_s", "suspicious");
        assertThat(view(wiki, "page_activity").derived())
                .extracting(DerivedFeature::name)
                .containsExactly("anonymous_share", "restored");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wiki", "payments"})
    void theRunnableExamplesUseOnlyWhatTheEngineComputes(String name) throws Exception {
        Definitions definitions = DefinitionReader.readDirectory(Path.of("examples", name));

        assertThat(definitions.views()).allSatisfy(view -> {
            assertThat(view.columns()).hasOnlyElementsOfType(Column.Computed.class);
            assertThat(view.features()).allSatisfy(feature -> {
                assertThat(feature.aggregate())
                        .isIn(Plain.COUNT, Plain.SUM, Plain.AVG, Plain.MIN, Plain.MAX, Plain.FIRST, Plain.LAST);
                assertThat(feature.window()).isInstanceOfAny(Window.Sliding.class, Window.Lifetime.class);
            });
        });
    }

    @Test
    void readsEveryFormOfASource() throws Exception {
        Source source = Samples.everything().source("edits").orElseThrow();

        assertThat(source.topic()).isEqualTo("wiki-edits");
        assertThat(source.format()).isEqualTo(Source.Format.AVRO);
        assertThat(source.eventTime()).isEqualTo(new Source.EventTime("ts", Source.Unit.MICROS));
        assertThat(source.allowedLateness()).isZero();
        assertThat(source.idleTimeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(source.schema()).containsEntry("price", new DataType.Decimal(10, 2));
        assertThat(source.schema()).containsEntry("tags", new DataType.ListOf(DataType.STRING));
        assertThat(source.schema().keySet())
                .containsExactly("ts", "user", "page", "added", "score", "price", "flag", "raw", "at", "tags");
    }

    @Test
    void fillsTheDefaultsOfASourceAndAView() throws Exception {
        Definitions definitions = Samples.read(
                """
                { "kind": "Source", "name": "s", "kafka": { "topic": "t" }, "schema": { "t": "timestamp", "k": "long" }, "event_time": "t" }
                """,
                """
                kind: Entity
                name: e
                keys: { k: long }
                """,
                """
                kind: FeatureView
                name: v
                entity: e
                source: s
                features: [{ name: n, aggregate: count, windows: [1h] }]
                """);

        Source source = definitions.sources().get(0);
        assertThat(source.allowedLateness()).isEqualTo(Duration.ofSeconds(10));
        assertThat(source.idleTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(source.format()).isEqualTo(Source.Format.JSON);
        assertThat(source.eventTime().unit()).isEqualTo(Source.Unit.INSTANT);
        FeatureView view = definitions.views().get(0);
        assertThat(view.id()).isEqualTo("v@1");
        assertThat(view.ttl()).isNull();
        assertThat(view.history()).isEqualTo(FeatureView.History.FULL);
        assertThat(view.features().get(0).window())
                .isEqualTo(new Window.Sliding(Duration.ofHours(1), Duration.ofSeconds(10), Duration.ZERO));
    }

    @ParameterizedTest
    @CsvSource({
        "n_500ms, long",
        "n_10m, long",
        "n_24h, long",
        "n_2w, long",
        "n_1h, long",
        "n_1h_ago_24h, long",
        "each_each_1d, long",
        "each_each_1mo, long",
        "each_each_1w, long",
        "each_quarter, long",
        "s_hourly_sum, long",
        "s, 'decimal(38,2)'",
        "a, double",
        "mi, timestamp",
        "ma, string",
        "f, boolean",
        "l, bytes",
        "lt_1h, list<string>",
        "v1, double",
        "v4, double",
        "d_1h, long",
        "ad, long",
        "fn_1h, list<string>",
        "ln, list<long>",
        "p_1h_p50, double",
        "p_1d_p99_9, double",
        "p9_1h, double",
        "t, list<string>",
        "h, string",
        "e, double",
        "ds, double",
        "da, double",
        "r_1h, double",
        "rs_1h, double"
    })
    void namesAndTypesFeatures(String name, String type) throws Exception {
        Feature feature = view(Samples.everything(), "all_of_it").feature(name).orElseThrow();

        assertThat(feature.type().spelling()).isEqualTo(type);
    }

    @Test
    void readsParametersOfAggregates() throws Exception {
        FeatureView view = view(Samples.everything(), "all_of_it");

        assertThat(aggregate(view, "fn_1h")).isEqualTo(new Aggregate.FirstN(5));
        assertThat(aggregate(view, "ln")).isEqualTo(new Aggregate.LastN(5));
        assertThat(aggregate(view, "p_1d_p99_9")).isEqualTo(new Aggregate.ApproxPercentile(0.999));
        assertThat(aggregate(view, "t")).isEqualTo(new Aggregate.TopK(3));
        assertThat(aggregate(view, "h")).isEqualTo(new Aggregate.Histogram(50));
        assertThat(aggregate(view, "e")).isEqualTo(new Aggregate.Ema(2.0 / 13));
        assertThat(aggregate(view, "ew")).isEqualTo(new Aggregate.Ema(1.0 / 14));
        assertThat(aggregate(view, "ds")).isEqualTo(new Aggregate.DecayedSum(Duration.ofHours(1)));
        assertThat(aggregate(view, "da")).isEqualTo(new Aggregate.DecayedAvg(Duration.ofMinutes(90)));
        assertThat(aggregate(view, "rs_1h")).isEqualTo(new Aggregate.Rate(Duration.ofSeconds(1)));
    }

    private static Aggregate aggregate(FeatureView view, String name) {
        return view.feature(name).orElseThrow().aggregate();
    }

    @Test
    void readsWindows() throws Exception {
        FeatureView view = view(Samples.everything(), "all_of_it");

        assertThat(window(view, "n_1h")).isEqualTo(sliding("1h", "1ms", "0s"));
        assertThat(window(view, "n_1h_ago_24h")).isEqualTo(sliding("1h", "7s", "24h"));
        assertThat(window(view, "n_24h")).isEqualTo(sliding("24h", "5m", "0s"));
        assertThat(window(view, "s_hourly_sum")).isEqualTo(sliding("1h", "10s", "0s"));
        assertThat(window(view, "s")).isEqualTo(new Window.Lifetime());
        assertThat(window(view, "each_each_1d"))
                .isEqualTo(new Window.Tumbling(Duration.ofDays(1), Window.CivilUnit.DAY, ZoneId.of("Europe/Berlin")));
        assertThat(window(view, "each_each_1mo"))
                .isEqualTo(new Window.Tumbling(Duration.ofDays(31), Window.CivilUnit.MONTH, ZoneId.of("UTC")));
        assertThat(window(view, "each_quarter")).isEqualTo(new Window.Tumbling(Duration.ofMinutes(15), null, null));
    }

    private static Window window(FeatureView view, String name) {
        return view.feature(name).orElseThrow().window();
    }

    private static Window sliding(String length, String step, String offset) {
        return new Window.Sliding(Durations.parse(length), Durations.parse(step), Durations.parse(offset));
    }

    @Test
    void readsDefaultsAsValuesOfTheFeature() throws Exception {
        FeatureView view = view(Samples.everything(), "all_of_it");

        assertThat(defaultValue(view, "s")).isEqualTo(new BigDecimal("1.50"));
        assertThat(defaultValue(view, "a")).isEqualTo(0.0);
        assertThat(defaultValue(view, "mi")).isEqualTo(Instant.parse("2020-01-01T00:00:00Z"));
        assertThat(defaultValue(view, "ma")).isEqualTo("");
        assertThat(defaultValue(view, "f")).isEqualTo(true);
        assertThat(defaultValue(view, "ad")).isEqualTo(0L);
        assertThat(defaultValue(view, "d_1h")).as("a count needs none").isNull();
    }

    private static Object defaultValue(FeatureView view, String name) {
        return view.feature(name).orElseThrow().defaultValue();
    }

    @Test
    void derivedFeaturesStandBehindThoseTheyUse() throws Exception {
        FeatureView view = view(Samples.everything(), "all_of_it");

        assertThat(view.derived())
                .extracting(DerivedFeature::name)
                .containsExactly("y", "z", "idle", "newest", "folded");
    }

    @Test
    void anExpressionKnowsTheTypesOfWhatItUses() throws Exception {
        FeatureView view = view(Samples.everything(), "all_of_it");

        assertThat(view.where())
                .isEqualTo(new Expression("added > 0", DataType.BOOLEAN, Map.of("added", DataType.LONG)));
        assertThat(view.feature("s_hourly_sum").orElseThrow().where())
                .isEqualTo(new Expression(
                        "score != null && !flag",
                        DataType.BOOLEAN,
                        Map.of("flag", DataType.BOOLEAN, "score", DataType.DOUBLE)));
        assertThat(view.derivedFeature("idle").orElseThrow().expression().variables())
                .isEqualTo(Map.of("now", DataType.TIMESTAMP, "last_event_time", DataType.TIMESTAMP));
    }

    @Test
    void aServiceListsEachFeatureOnce() throws Exception {
        Definitions definitions = Samples.everything();
        FeatureView view = view(definitions, "all_of_it");

        assertThat(definitions.service("model").orElseThrow().features())
                .hasSize(view.features().size() + view.derived().size())
                .startsWith(new FeatureReference(view, "n_500ms"))
                .contains(new FeatureReference(view, "y"));
    }

    @Test
    void aReferenceWithoutAVersionMeansTheCurrentOrTheGreatest() throws Exception {
        String views =
                """
                kind: FeatureView
                name: v
                version: %d
                entity: editor
                source: edits
                features: [{ name: n%d, aggregate: count }]
                """;
        String base = Files.readString(Path.of("src/test/resources/dev/tidemark/defs/base.yaml"));
        Definitions definitions = Samples.read(
                "{ kind: FeatureService, name: both, features: [v, 'v@2:n2'] }",
                views.formatted(10, 10),
                views.formatted(2, 2),
                base);

        assertThat(definitions.service("both").orElseThrow().features())
                .extracting(reference -> reference.view().id() + ":" + reference.feature())
                .containsExactly("v@10:n10", "v@2:n2");
        assertThat(view(definitions, "v").version()).isEqualTo(10);
        List<Text> texts = definitions.documents().stream()
                .map(document -> new Text(document.name(), document.json()))
                .toList();
        Definitions withCurrent = DefinitionReader.read(texts, Map.of("v", 2, "elsewhere", 3));
        assertThat(withCurrent.service("both").orElseThrow().features())
                .extracting(reference -> reference.view().id())
                .containsExactly("v@2");
        assertThat(view(withCurrent, "v").version()).isEqualTo(2);
    }

    @Test
    void aPartOfTheViewsIsASetOfItsOwn() throws Exception {
        Definitions definitions = Samples.everything();
        FeatureView view = view(definitions, "all_of_it");

        Definitions part = definitions.only(List.of(view));

        assertThat(part.views()).containsExactly(view);
        assertThat(part.services()).isEmpty();
        List<Text> texts = part.documents().stream()
                .map(document -> new Text(document.name(), document.json()))
                .toList();
        assertThat(DefinitionReader.read(texts)).isEqualTo(part);
    }

    @Test
    void definitionsTravelInJobGraphs() throws Exception {
        FeatureView view = view(Samples.everything(), "all_of_it");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(view);
        }

        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(view);
        }
    }

    @Test
    void readsADirectoryInTheOrderOfItsPaths(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("sub/.git"));
        Files.writeString(directory.resolve("sub/a.yml"), "{ kind: Entity, name: second, keys: { k: string } }");
        Files.writeString(directory.resolve("a.yaml"), "{ kind: Entity, name: first, keys: { k: string } }");
        Files.writeString(directory.resolve("README.md"), "not a definition");
        Files.writeString(directory.resolve(".hidden.yaml"), "not a definition");
        Files.writeString(directory.resolve("sub/.git/x.yaml"), "not a definition");

        assertThat(DefinitionReader.readDirectory(directory).entities())
                .extracting(Entity::name)
                .containsExactly("first", "second");
    }

    @Test
    void followsLinksToAndBelowTheDirectory(@TempDir Path place) throws Exception {
        Path data =
                Files.createDirectories(place.resolve("elsewhere/..data/sub")).getParent();
        Path mounted = data.getParent();
        Files.writeString(data.resolve("sub/a.yaml"), "{ kind: Entity, name: first, keys: { k: text } }");
        Files.createSymbolicLink(mounted.resolve("linked"), data.resolve("sub"));
        Files.createSymbolicLink(data.resolve("sub/back"), mounted);
        Files.createSymbolicLink(mounted.resolve("broken.yaml"), place.resolve("nowhere"));
        Path directory = Files.createSymbolicLink(place.resolve("definitions"), mounted);

        var exception = catchThrowableOfType(
                InvalidDefinitionsException.class, () -> DefinitionReader.readDirectory(directory));

        assertThat(exception.problems())
                .extracting(Problem::file)
                .containsExactly(directory.resolve("linked/a.yaml").toString());
    }

    @Test
    void reportsProblemsOfAllFilesInOrder(@TempDir Path directory) throws Exception {
        Path first = Files.writeString(directory.resolve("a.yaml"), "kind: Entity\nname: a\nkeys: { k: text }");
        Path second = Files.write(directory.resolve("b.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        Path third = Files.writeString(directory.resolve("c.yaml"), "kind: Nothing");

        var exception = catchThrowableOfType(
                InvalidDefinitionsException.class, () -> DefinitionReader.readDirectory(directory));

        assertThat(exception.problems())
                .extracting(Problem::file)
                .containsExactly(first.toString(), second.toString(), third.toString());
        assertThat(exception).hasMessageContaining("not encoded in UTF-8");
    }

    @Test
    void anEmptyDirectoryIsAProblem(@TempDir Path directory) {
        assertThatThrownBy(() -> DefinitionReader.readDirectory(directory))
                .isInstanceOf(InvalidDefinitionsException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("There are no definitions in this directory.");
    }

    @Test
    void filesWithoutADocumentAreAProblem() {
        assertThatThrownBy(() -> DefinitionReader.read(List.of(new Text("empty.yaml", "# nothing\n---\n"))))
                .isInstanceOf(InvalidDefinitionsException.class)
                .hasMessageContaining("empty.yaml:1:1: There is no definition here.");
        assertThatThrownBy(() -> DefinitionReader.read(List.of())).isInstanceOf(InvalidDefinitionsException.class);
    }

    @Test
    void aMissingDirectoryIsAnIoError(@TempDir Path directory) throws IOException {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> DefinitionReader.readDirectory(missing))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("no such directory");

        Path file = Files.writeString(directory.resolve("a.yaml"), "");
        assertThatThrownBy(() -> DefinitionReader.readDirectory(file))
                .isInstanceOf(NotDirectoryException.class)
                .hasMessageContaining(file.toString());
    }

    private static FeatureView view(Definitions definitions, String name) {
        return definitions.view(name).orElseThrow();
    }
}
