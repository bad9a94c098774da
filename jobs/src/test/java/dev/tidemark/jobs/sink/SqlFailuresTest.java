package dev.tidemark.jobs.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFailuresTest {
    @ParameterizedTest
    @CsvSource({
        ", true, the driver itself failed",
        "08006, true, the connection broke",
        "40P01, true, a deadlock",
        "53300, true, too many connections",
        "53100, true, a full disk",
        "57014, true, a statement that took too long",
        "57P01, true, a shutdown",
        "58030, true, an I/O error",
        "25006, true, a server that does not take writes",
        "25P03, true, a transaction that was idle",
        "25P04, true, a transaction that took too long",
        "55P03, true, a lock that was not to be had",
        "22021, false, a character that the encoding lacks",
        "23514, false, a row without a part",
        "25P02, false, a transaction that had failed",
        "28P01, false, a wrong password",
        "42P01, false, a missing table",
        "55006, false, an object in use",
    })
    void tellsWhatPassesByItself(String state, boolean passes, String what) {
        assertThat(SqlFailures.mayPass(new SQLException(what, state))).as(what).isEqualTo(passes);
    }
}
