package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

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

    @Test
    void saysThatNobodyAnswersAndKeepsThePasswordOut() throws IOException {
        String address = "jdbc:postgresql://127.0.0.1:" + freePort() + "/db";
        try (Postgres postgres = Postgres.connect(address + "?user=ann&password=secret", null, null)) {
            assertThatExceptionOfType(PostgresException.class)
                    .isThrownBy(() -> Registry.open(postgres))
                    .withMessageStartingWith(
                            "Could not ask for a sign of life in Postgres at " + address + ": Connection to 127.0.0.1:")
                    .withMessageContaining("refused")
                    .withMessageNotContaining("secret")
                    .withMessageNotContaining("\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://host/db",
                "jdbc:postgresql://host:65535/",
                "jdbc:postgresql:///db",
                "jdbc:postgresql://[::1]:5432/db?password=%20",
                "jdbc:postgresql://a:1,b:2,10.0.0.1/db?targetServerType=primary",
            })
    void takesWhatTheDriverTakes(String url) {
        Postgres.connect(url, null, null).close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "postgresql://ann:secret@host/db",
                "jdbc:mysql://ann:secret@host/db",
                "jdbc:postgresql:secret",
                "jdbc:postgresql://host?password=secret",
                "jdbc:postgresql://host:65536/db?password=secret",
                "jdbc:postgresql://host:port/db?password=secret",
                "jdbc:postgresql://ann:secret@host/db",
                "jdbc:postgresql://[bad/db?password=secret",
                "jdbc:postgresql:// host/db?password=secret",
            })
    void refusesWhatIsNoAddressWithoutRepeatingIt(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Postgres.connect(url, null, null))
                .withMessageContaining("jdbc:postgresql://host:port/database")
                .withMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://host:5432/db, any",
        "'jdbc:postgresql://host/a,b?options=c,d', any",
        "jdbc:postgresql:///db, any",
        "'jdbc:postgresql://a:1,b:2/db', primary",
        "'jdbc:postgresql://a,[::1]/db?ssl=true', primary",
    })
    void wantsTheHostThatTakesWrites(String url, String type) {
        assertThat(Postgres.targetServerType(url)).isEqualTo(type);
    }

    @Test
    void leavesTheHostToWhoSaysWhich() {
        String url = "jdbc:postgresql://a,b/db?targetServerType=any";
        Properties ours = new Properties();
        ours.setProperty("targetServerType", Postgres.targetServerType(url));
        assertThat(Driver.parseURL(url, ours).getProperty("targetServerType")).isEqualTo("any");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
