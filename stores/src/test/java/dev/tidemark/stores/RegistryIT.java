package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.InvalidDefinitionsException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryIT {
    private static final String SOURCE =
            """
            kind: Source
            name: edits
            kafka: { topic: wiki-edits, format: json }
            schema: { time: timestamp, user: string, added: long }
            event_time: time
            allowed_lateness: 10s
            """;
    private static final String ENTITY =
            """
            kind: Entity
            name: editor
            keys: { user: string }
            """;
    private static final String VIEW =
            """
            kind: FeatureView
            name: activity
            version: 1
            entity: editor
            source: edits
            ttl: 30d
            features:
              - { name: edits, aggregate: count, windows: [10m, 1h] }
            """;
    private static final String SERVICE =
            """
            kind: FeatureService
            name: model
            features: ["activity:edits_1h"]
            """;

    private final Postgres postgres = TestDatabase.connect();
    private Registry registry;

    @BeforeEach
    void empty() {
        TestDatabase.empty(postgres);
        registry = Registry.open(postgres);
    }

    @AfterEach
    void close() {
        postgres.close();
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(registry.load().documents()).isEmpty();
        assertThat(registry.revision()).isZero();
    }

    @Test
    void givesBackWhatWasApplied() {
        Definitions definitions = definitions(SOURCE, ENTITY, VIEW, SERVICE);

        Registry.Applied applied = registry.apply(definitions);

        assertThat(applied.added())
                .containsExactlyInAnyOrder(
                        "Source edits", "Entity editor", "FeatureView activity@1", "FeatureService model");
        Definitions loaded = Registry.open(postgres).load();
        assertThat(loaded.views()).isEqualTo(definitions.views());
        assertThat(loaded.sources()).isEqualTo(definitions.sources());
        assertThat(loaded.entities()).isEqualTo(definitions.entities());
        assertThat(loaded.services()).isEqualTo(definitions.services());
        assertThat(loaded.documents()).containsExactlyInAnyOrderElementsOf(definitions.documents());
        assertThat(new PostgresHistoryStore(postgres).count(definitions.views().get(0)))
                .as("the history table is there")
                .isZero();
    }

    @Test
    void doesNothingWhenTheSameIsAppliedAgain() {
        registry.apply(definitions(SOURCE, ENTITY, VIEW, SERVICE));
        long revision = registry.revision();

        Registry.Applied again = registry.apply(definitions(SERVICE, VIEW, ENTITY, SOURCE));

        assertThat(again.added()).isEmpty();
        assertThat(again.changed()).isEmpty();
        assertThat(again.unchanged()).hasSize(4);
        assertThat(registry.revision()).isEqualTo(revision).isPositive();
    }

    @Test
    void refusesAChangedViewAndShowsTheDifference() {
        Definitions before = definitions(SOURCE, ENTITY, VIEW);
        registry.apply(before);
        String other = ENTITY.replace("editor", "other");

        assertThatExceptionOfType(RegistryConflictException.class)
                .isThrownBy(() -> registry.apply(definitions(SOURCE, ENTITY, other, VIEW.replace("30d", "7d"))))
                .withMessageContaining("FeatureView activity@1 differs from what was applied under that version")
                .withMessageContaining("Give the changed view version 2")
                .withMessageContaining("/ttl: was")
                .satisfies(e -> assertThat(e.conflicts()).hasSize(1));
        assertThat(registry.load().documents())
                .as("nothing of it was applied")
                .containsExactlyInAnyOrderElementsOf(before.documents());
    }

    @Test
    void refusesAChangeOfWhatAViewUses() {
        registry.apply(definitions(SOURCE, ENTITY, VIEW));

        assertThatExceptionOfType(RegistryConflictException.class)
                .isThrownBy(() -> registry.apply(
                        definitions(SOURCE.replace("10s", "20s"), ENTITY, VIEW.replace("version: 1", "version: 2"))))
                .withMessageContaining("Source edits cannot change, because FeatureView activity@1 was applied with it")
                .withMessageContaining("/allowed_lateness: was");
        assertThatExceptionOfType(RegistryConflictException.class)
                .isThrownBy(() -> registry.apply(definitions(
                        SOURCE.replace("user: string", "user: string, id: long"),
                        ENTITY.replace("user: string", "user: string, id: long"),
                        VIEW)))
                .satisfies(e -> assertThat(e.conflicts()).hasSize(2));
    }

    @Test
    void letsAServiceAndUnusedSourcesChange() {
        registry.apply(definitions(SOURCE, ENTITY, VIEW, SERVICE));
        registry.apply(definitions(SOURCE.replace("edits", "spare")));
        long revision = registry.revision();

        Registry.Applied applied = registry.apply(definitions(
                SOURCE,
                SOURCE.replace("edits", "spare").replace("10s", "1m"),
                ENTITY,
                VIEW,
                SERVICE.replace("edits_1h", "edits_10m")));

        assertThat(applied.changed()).containsExactlyInAnyOrder("FeatureService model", "Source spare");
        assertThat(registry.revision()).isGreaterThan(revision);
        assertThat(registry.load()
                        .service("model")
                        .orElseThrow()
                        .features()
                        .get(0)
                        .feature())
                .isEqualTo("edits_10m");
    }

    @Test
    void keepsTheVersionsOfAViewSideBySide() {
        registry.apply(definitions(SOURCE, ENTITY, VIEW));
        registry.apply(definitions(
                SOURCE, ENTITY, VIEW.replace("version: 1", "version: 2").replace("30d", "7d")));

        assertThat(registry.load().views()).extracting("version").containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void refusesAVersionThatBreaksAServiceAppliedBefore() {
        registry.apply(definitions(SOURCE, ENTITY, VIEW, SERVICE));

        assertThatExceptionOfType(RegistryConflictException.class)
                .isThrownBy(() -> registry.apply(definitions(
                        SOURCE, ENTITY, VIEW.replace("version: 1", "version: 2").replace("1h", "2h"))))
                .withMessageContaining("do not go together with those applied before")
                .withMessageContaining("registry: FeatureService model");
        assertThat(registry.load().views()).hasSize(1);
    }

    @Test
    void lastsWhenManyProgramsSetItUpAndApplyAtOnce() throws Exception {
        TestDatabase.empty(postgres);
        ExecutorService programs = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Definitions definitions =
                        definitions(SOURCE, ENTITY, VIEW.replace("version: 1", "version: " + (i / 2 + 1)));
                all.add(programs.submit(() -> {
                    try (Postgres own = TestDatabase.connect()) {
                        return Registry.open(own).apply(definitions).added().size();
                    }
                }));
            }
            int added = 0;
            for (Future<Integer> one : all) {
                added += one.get();
            }
            assertThat(added).as("each definition was added once").isEqualTo(2 + 4);
        } finally {
            programs.shutdownNow();
        }
        assertThat(registry.load().views()).hasSize(4);
    }

    @Test
    void saysSoIfItCannotReadWhatIsThere() {
        TestDatabase.run(
                postgres,
                "insert into tidemark.definition (kind, name, version, document)"
                        + " values ('ENTITY', 'x', 0, '{\"kind\":\"Entity\",\"name\":\"x\",\"colour\":1}')");

        assertThatIllegalStateException()
                .isThrownBy(registry::load)
                .withMessageContaining("definitions that this program does not understand")
                .withMessageContaining("registry: Entity x");
    }

    private static Definitions definitions(String... documents) {
        try {
            return DefinitionReader.read(List.of(new DefinitionReader.Text("test", String.join("---\n", documents))));
        } catch (InvalidDefinitionsException e) {
            throw new AssertionError(e);
        }
    }
}
