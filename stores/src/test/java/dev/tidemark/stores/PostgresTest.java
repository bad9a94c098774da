package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://host:5432/db",
                "jdbc:postgresql://host:5432/db?user=ann&password=secret",
                "jdbc:postgresql://ann:secret@host:5432/db?ssl=true",
            })
    void showsAnAddressWithoutSecrets(String url) {
        assertThat(Postgres.withoutSecrets(url)).isEqualTo("jdbc:postgresql://host:5432/db");
    }
}
