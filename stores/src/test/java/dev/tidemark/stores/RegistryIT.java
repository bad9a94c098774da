package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.InvalidDefinitionsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

    private static final Takeover.Proof PROOF =
            new Takeover.Proof(Map.of("wiki-edits", "0:41,1:7"), 10, 50, 200, 0, 3, 17);

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
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void isNotReadForEverWhileALockIsHeld() throws Exception {
        try (Postgres impatient = TestDatabase.connect(Duration.ofSeconds(1));
                var connection = postgres.dataSource().getConnection()) {
            Registry hurried = Registry.open(impatient);
            connection.setAutoCommit(false);
            connection.createStatement().execute("lock table tidemark.definition in access exclusive mode");

            for (ThrowingCallable read : List.<ThrowingCallable>of(hurried::revision, hurried::load)) {
                assertThatExceptionOfType(PostgresException.class)
                        .isThrownBy(read)
                        .withMessageContaining("canceling statement due to statement timeout");
            }
            connection.rollback();
            assertThat(hurried.revision()).isZero();
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void isNotReadForEverWhilePostgresIsSilent() throws Exception {
        try (SilentRelay relay = new SilentRelay();
                Postgres impatient = TestDatabase.connect(relay, Duration.ofSeconds(1))) {
            assertThatExceptionOfType(PostgresException.class)
                    .isThrownBy(() -> impatient.readLittle("read a row", connection -> {
                        relay.fallSilent();
                        return connection.createStatement().execute("select 1");
                    }))
                    .withMessageStartingWith("Could not read a row in Postgres at ")
                    .withMessageEndingWith(": It takes too long, or does not answer any more.");
        }
    }

    @Test
    void leavesTimeForWhatTakesLong() throws Exception {
        registry.revision();
        try (var connection = postgres.dataSource().getConnection()) {
            assertThat(connection.getNetworkTimeout()).isZero();
        }
        assertThat(TestDatabase.one(postgres, "show statement_timeout")).isEqualTo("0");
    }

    @Test
    void refusesADatabaseThatLacksCharacters() {
        TestDatabase.run(
                postgres, "create database latin encoding 'LATIN1' template template0 lc_collate 'C' lc_ctype 'C'");
        try (Postgres latin = TestDatabase.connect("latin")) {
            assertThatExceptionOfType(PostgresException.class)
                    .isThrownBy(() -> Registry.open(latin))
                    .withMessageStartingWith("The database at jdbc:postgresql://")
                    .withMessageContaining("/latin has the encoding LATIN1")
                    .withMessageContaining("encoding 'UTF8'");
            assertThat(TestDatabase.one(latin, "select count(*) from pg_namespace where nspname = 'tidemark'"))
                    .isEqualTo("0");
        } finally {
            TestDatabase.run(postgres, "drop database latin with (force)");
        }
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
    void theFirstVersionStaysCurrentUntilAnotherTakesOver() {
        registry.apply(definitions(SOURCE, ENTITY, VIEW, SERVICE));
        registry.apply(definitions(SOURCE, ENTITY, second()));
        assertThat(currentVersion()).as("a later version waits").isEqualTo(1);
        assertThat(servedVersion()).isEqualTo(1);
        long revision = registry.revision();

        Takeover takeover = registry.takeOver("activity", 1, 2, "somebody", PROOF);

        assertThat(takeover.proof()).isEqualTo(PROOF);
        assertThat(registry.revision()).as("servers see that something changed").isGreaterThan(revision);
        assertThat(currentVersion()).isEqualTo(2);
        assertThat(servedVersion()).isEqualTo(2);
        Takeover back = registry.takeOver("activity", 2, 1, "somebody", null);
        assertThat(currentVersion()).isEqualTo(1);
        assertThat(Registry.open(postgres).takeovers()).containsExactly(back, takeover);
        registry.apply(definitions(SOURCE, ENTITY, second().replace("version: 2", "version: 3")));
        assertThat(currentVersion()).isEqualTo(1);
    }

    @Test
    void theGreatestVersionOfANewViewIsCurrent() {
        registry.apply(definitions(SOURCE, ENTITY, second(), VIEW));

        assertThat(currentVersion()).isEqualTo(2);
    }

    @Test
    void refusesATakeoverOfWhatIsNotCurrentAnyMoreOrNotThere() {
        registry.apply(definitions(SOURCE, ENTITY, VIEW));
        registry.apply(definitions(SOURCE, ENTITY, second()));

        assertThatExceptionOfType(RegistryConflictException.class)
                .isThrownBy(() -> registry.takeOver("activity", 2, 1, "somebody", PROOF))
                .withMessageContaining("activity@2 is not the current version any more");
        assertThatExceptionOfType(RegistryConflictException.class)
                .isThrownBy(() -> registry.takeOver("activity", 1, 3, "somebody", PROOF))
                .withMessageContaining("activity@3 was not applied");
        assertThat(currentVersion()).isEqualTo(1);
        assertThat(registry.takeovers()).isEmpty();
    }

    @Test
    void ofTakeoversAtTheSameTimeOneSucceeds() throws Exception {
        registry.apply(definitions(SOURCE, ENTITY, VIEW));
        registry.apply(definitions(SOURCE, ENTITY, second()));
        ExecutorService programs = Executors.newFixedThreadPool(4);
        try {
            List<Future<Takeover>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(programs.submit(() -> registry.takeOver("activity", 1, 2, "somebody", PROOF)));
            }
            int refused = 0;
            for (Future<Takeover> one : all) {
                try {
                    one.get();
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(RegistryConflictException.class);
                    refused++;
                }
            }
            assertThat(refused).isEqualTo(3);
        } finally {
            programs.shutdownNow();
        }
        assertThat(registry.takeovers()).hasSize(1);
    }

    @Test
    void aServiceIsReadWithTheCurrentVersionAndKeepsAnotherFromTakingOver() {
        registry.apply(definitions(SOURCE, ENTITY, VIEW, SERVICE));
        String second = second().replace("1h", "2h");
        registry.apply(definitions(SOURCE, ENTITY, second));

        assertThatExceptionOfType(RegistryConflictException.class)
                .isThrownBy(() -> registry.takeOver("activity", 1, 2, "somebody", PROOF))
                .withMessageContaining("do not go together with those applied before")
                .withMessageContaining("registry: FeatureService model");
        assertThat(currentVersion()).isEqualTo(1);
        assertThatExceptionOfType(RegistryConflictException.class)
                .isThrownBy(() ->
                        registry.apply(definitions(SOURCE, ENTITY, second, SERVICE.replace("edits_1h", "edits_2h"))))
                .withMessageContaining("Without a version, activity means activity@1 until activity@2 takes over.");
    }

    @Test
    void aRegistryFromBeforeTakeoversGoesOnWithTheGreatestVersions() {
        registry.apply(definitions(SOURCE, ENTITY, VIEW, SERVICE));
        registry.apply(definitions(SOURCE, ENTITY, second()));
        TestDatabase.run(postgres, "drop table tidemark.current_version, tidemark.takeover");
        TestDatabase.run(postgres, "alter table tidemark.fence drop column settled");
        TestDatabase.run(postgres, "alter table tidemark.fence_writer drop column settled");
        TestDatabase.run(postgres, "delete from tidemark.flyway_schema_history where version in ('3', '4')");

        registry = Registry.open(postgres);

        assertThat(servedVersion()).isEqualTo(2);
    }

    private static String second() {
        return VIEW.replace("version: 1", "version: 2").replace("30d", "7d");
    }

    private int currentVersion() {
        return registry.load().view("activity").orElseThrow().version();
    }

    private int servedVersion() {
        return registry.load()
                .service("model")
                .orElseThrow()
                .features()
                .get(0)
                .view()
                .version();
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
