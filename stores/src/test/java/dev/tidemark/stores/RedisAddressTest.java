package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "127.0.0.1:6379", "http://host:1", "redis://", "redis://host", "redis://u:secret@:1 "})
    void refusesWhatIsNoAddressWithoutRepeatingIt(String uri) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisOnlineStore.connect(uri))
                .withMessageContaining("redis://host:port")
                .withMessageNotContaining("secret");
    }

    @Test
    void saysWhichOperationFailedAtWhichAddressAndKeepsThePasswordOut() throws IOException {
        String address = "127.0.0.1:" + freePort();
        try (OnlineStore store = RedisOnlineStore.connect("redis://user:secret@" + address)) {
            assertThatExceptionOfType(OnlineStoreException.class)
                    .isThrownBy(store::ping)
                    .satisfies(e -> assertThat(e.getMessage())
                            .startsWith("Could not ping Redis at " + address + ": ")
                            .doesNotContain("secret"));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
