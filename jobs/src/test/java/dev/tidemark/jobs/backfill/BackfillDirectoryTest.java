package dev.tidemark.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.jobs.JobSetupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackfillDirectoryTest {
    private static final BackfillPlan PLAN = new BackfillPlan(
            "payments",
            List.of(new BackfillPlan.Part(0, 1, 2, 3, true), new BackfillPlan.Part(1, 0, 0, 0, false)),
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            -5,
            7,
            7,
            true,
            List.of("cards@1", "cards@2"));

    @TempDir
    private Path temporary;

    @Test
    void keepsThePlanUntilItIsCleared() throws Exception {
        try (BackfillDirectory directory = open()) {
            assertThat(directory.plan()).isEmpty();
            directory.plan(PLAN.beside(List.of()));
            assertThat(directory.plan()).contains(PLAN.beside(List.of()));
            directory.plan(PLAN);
        }
        try (BackfillDirectory directory = open()) {
            assertThat(directory.plan()).contains(PLAN);
            directory.clear();
            assertThat(directory.plan()).isEmpty();
        }
    }

    @Test
    void findsTheNewestCompleteCheckpoint() throws Exception {
        try (BackfillDirectory directory = open()) {
            assertThat(directory.checkpoint()).isEmpty();
            Path older = checkpoint(directory, "job-b/chk-9", 1_000);
            Path newer = checkpoint(directory, "job-a/chk-2", 2_000);
            Files.createDirectories(directory.checkpoints().resolve("job-a/chk-3"));
            assertThat(directory.checkpoint()).contains(newer);
            Files.delete(newer.resolve("_metadata"));
            assertThat(directory.checkpoint()).contains(older);
            directory.clear();
            assertThat(directory.checkpoint()).isEmpty();
        }
    }

    @Test
    void isNobodyElsesWhileItIsOpen() throws Exception {
        try (BackfillDirectory directory = open()) {
            assertThat(directory.path()).exists();
            assertThatThrownBy(this::open).isInstanceOf(JobSetupException.class).hasMessageContaining("runs already");
        }
    }

    @Test
    void saysWhatToDoWithADamagedPlan() throws Exception {
        try (BackfillDirectory directory = open()) {
            Files.writeString(directory.path().resolve("plan.properties"), "topic=payments");
            assertThatThrownBy(directory::plan)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("parts is missing")
                    .hasMessageContaining("Delete " + directory.path());
        }
    }

    private BackfillDirectory open() throws Exception {
        return BackfillDirectory.open(temporary.resolve("backfill"));
    }

    private static Path checkpoint(BackfillDirectory directory, String name, long written) throws IOException {
        Path path = Files.createDirectories(directory.checkpoints().resolve(name));
        Files.setLastModifiedTime(Files.createFile(path.resolve("_metadata")), FileTime.fromMillis(written));
        return path;
    }
}
