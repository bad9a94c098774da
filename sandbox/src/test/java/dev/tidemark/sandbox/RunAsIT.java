package dev.tidemark.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Postgres refuses root. For root there are several ways around that; an ordinary user has the one. */
class RunAsIT {
    private static final RunAs FORBIDDEN = new RunAs(List.of("/bin/false"), null);

    @TempDir
    Path directory;

    static List<RunAs> ways() throws IOException {
        return RunAs.ways();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void postgresRunsEachWay(RunAs way) throws Exception {
        PostgresServer postgres = new PostgresServer(directory.resolve("postgres"), List.of(FORBIDDEN, way));
        postgres.start();
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl())) {
            assertThat(connection.isValid(10)).isTrue();
        } finally {
            postgres.close();
        }

        TemporaryDirectory.delete(directory.resolve("postgres"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whereEveryWayIsForbiddenTheMessageSaysWhatToDo() {
        PostgresServer postgres = new PostgresServer(directory.resolve("postgres"), List.of(FORBIDDEN));

        assertThatThrownBy(postgres::start)
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("anybody but root")
                .hasMessageContaining("ordinary user")
                .hasMessageContaining("/bin/false: exit code 1");
    }
}
