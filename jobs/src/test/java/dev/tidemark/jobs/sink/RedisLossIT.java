package dev.tidemark.jobs.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.view.OnlineLoss.Before;
import dev.tidemark.jobs.view.OnlineLoss.Probe;
import dev.tidemark.sandbox.Sandbox;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What befalls a real Redis, and what the mark in it tells. */
class RedisLossIT {
    private static final FeatureView VIEW = TestViews.byCard(TestViews.payments("payments"));
    private static final Before NOTHING_KNOWN = new Before(0, true);

    private static Sandbox sandbox;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start();
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @BeforeEach
    void empty() throws IOException {
        assertThat(redis("FLUSHALL")).isEqualTo("+OK");
    }

    @Test
    void tellsWhatAPredecessorLeftAndThatItWasFlushed() throws IOException {
        long count;
        try (Probe probe = open(NOTHING_KNOWN)) {
            count = mend(probe);
        }
        try (Probe probe = open(new Before(count, true))) {
            assertThat(probe.happened()).isFalse();
            redis("FLUSHALL");
            assertThat(probe.happened()).isTrue();
            assertThat(probe.happened()).isFalse();
        }
        try (Probe probe = open(NOTHING_KNOWN)) {
            assertThat(probe.happened()).as("it was not mended").isTrue();
        }
    }

    @Test
    void tellsTheMarkOfAnEarlierReleaseOnce() throws IOException {
        assertThat(redis("SET \"tidemark:mark:" + VIEW.id() + " 0\" \"\"")).isEqualTo("+OK");
        try (Probe probe = open(NOTHING_KNOWN)) {
            mend(probe);
        }
        try (Probe probe = open(NOTHING_KNOWN)) {
            assertThat(probe.happened()).isFalse();
        }
    }

    /** As little as a second may be missing from it, in which nobody had looked at the mark. */
    @Test
    void tellsACopyThatHasTheNewestMark() throws IOException {
        try (Probe probe = open(NOTHING_KNOWN)) {
            mend(probe);
            redis("SAVE");
            restartFromTheCopy(probe);
            assertThat(probe.happened()).isTrue();
        }
    }

    @Test
    void tellsACopyFromTheMiddleOfAWalk() throws IOException {
        try (Probe probe = open(NOTHING_KNOWN)) {
            assertThat(probe.happened()).isTrue();
            redis("SAVE");
            probe.mended();
            restartFromTheCopy(probe);
            assertThat(probe.happened()).isTrue();
        }
    }

    private static void restartFromTheCopy(Probe probe) throws IOException {
        sandbox.redis().stop();
        assertThat(probe.happened()).as("it is away").isFalse();
        sandbox.redis().start();
        assertThat(redis("DBSIZE")).as("keys in the copy").isEqualTo(":1");
    }

    private static long mend(Probe probe) {
        assertThat(probe.happened()).isTrue();
        probe.mended();
        assertThat(probe.happened()).isFalse();
        return probe.count();
    }

    private static Probe open(Before before) {
        return new RedisLoss(VIEW, sandbox.redisUri()).open(0, before);
    }

    /** What it answers to a command, without what may follow the first line. */
    private static String redis(String command) throws IOException {
        URI uri = URI.create(sandbox.redisUri());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.getOutputStream().write((command + "\r\n").getBytes(UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
        }
    }
}
