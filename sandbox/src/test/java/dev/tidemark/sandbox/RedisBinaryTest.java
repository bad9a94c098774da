package dev.tidemark.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisBinaryTest {
    private static final String OF_ANOTHER_SYSTEM = "/redis-server-6.2.6-v5-darwin-arm64";

    /** What happens on a system without libssl3, where the first build for it does not start. */
    @Test
    void aBuildThatDoesNotRunGivesWayToTheNext() throws Exception {
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        String fallback = arm ? "/redis-server-6.2.7-linux-arm64" : "/redis-server-6.2.7-linux-386";

        Path program = RedisBinary.firstThatRuns(List.of(OF_ANOTHER_SYSTEM, fallback));

        assertThat(Programs.trial(List.of(program.toString(), "--version"))).isNull();
    }

    @Test
    void whereNoBuildRunsTheMessageTellsTheReasonOfEach() {
        assertThatThrownBy(() -> RedisBinary.firstThatRuns(List.of(OF_ANOTHER_SYSTEM)))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("No build of Redis runs")
                .hasMessageContaining(OF_ANOTHER_SYSTEM);
    }
}
