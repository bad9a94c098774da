package dev.tidemark.stores;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.sandbox.TestBackends;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;

class RedisOnlineStoreIT extends OnlineStoreContract {
    private static final FeatureView COUNTS = TestViews.view("counts", 1, HostileRows.USER, "n", DataType.LONG);
    private static final String ANN = JoinKeys.encode(HostileRows.USER, List.of("ann"));
    private static final String ANNS_KEY = "tidemark:{user:[\"ann\"]}:counts@1";
    private static final String MARK = "tidemark:mark:counts@1 0";
    private static final FeatureRow ROW = new FeatureRow(List.of(1L), 2, 3, 1);

    private final String uri = TestBackends.shared().redisUri();
    private final OnlineStore store = RedisOnlineStore.connect(uri);
    private final RedisClient server = RedisClient.create(uri);

    @BeforeEach
    void empty() {
        server.flushDB();
    }

    @AfterEach
    void close() {
        server.close();
        store.close();
    }

    @Override
    OnlineStore store() {
        return store;
    }

    @Test
    void keepsTheViewsOfAnEntityUnderOneHashTag() {
        store.put(Epoch.byHand(COUNTS, 1), List.of(new OnlineWrite(COUNTS, ANN, ROW)));

        assertThat(server.keys("*")).containsExactly(ANNS_KEY);
        assertThat(server.ttl(ANNS_KEY)).as("no expiry").isEqualTo(-1);
    }

    @Test
    void givesAKeyTheInstantAtWhichItIsForgotten() {
        FeatureView view = TestViews.view(
                        "short", 1, HostileRows.USER, Duration.ofDays(3), List.of(), "n", DataType.LONG)
                .withHistory(new FeatureView.History(Duration.ofDays(365), null));
        long lastEvent = System.currentTimeMillis();
        FeatureRow row = new FeatureRow(List.of(1L), lastEvent + 1, lastEvent + 9, lastEvent);
        store.put(Epoch.byHand(view, 1), List.of(new OnlineWrite(view, ANN, row)));

        long monthEnd = HistoryPartition.of(lastEvent + 1).until();
        long left = server.pttl("tidemark:{user:[\"ann\"]}:short@1");
        assertThat(monthEnd + Duration.ofDays(365).toMillis() - left)
                .isBetween(lastEvent - 1_000, System.currentTimeMillis() + 1_000);
    }

    @Test
    void readsManyRowsInCommandsBetweenWhichOthersAreServed() {
        List<String> keys = IntStream.range(0, 1_001)
                .mapToObj(i -> JoinKeys.encode(HostileRows.USER, List.of("u" + i)))
                .toList();
        store.put(Epoch.byHand(COUNTS, 1), List.of(new OnlineWrite(COUNTS, keys.get(700), ROW)));
        server.sendCommand(Protocol.Command.CONFIG, "RESETSTAT");
        List<FeatureRow> rows = store.get(COUNTS, keys);

        assertThat(rows).hasSize(1_001);
        assertThat(rows.indexOf(ROW)).isEqualTo(700);
        assertThat(server.info("commandstats")).contains("cmdstat_mget:calls=3,");
    }

    @Test
    void goesOnAfterRedisForgotTheScript() {
        store.put(Epoch.byHand(COUNTS, 1), List.of(new OnlineWrite(COUNTS, ANN, ROW)));
        server.scriptFlush("any key");
        OnlineResult result = store.put(Epoch.byHand(COUNTS, 1), List.of(new OnlineWrite(COUNTS, ANN, ROW)));

        assertThat(result).isEqualTo(new OnlineResult(1, 0, 0));
    }

    @Test
    void replacesTheValuesOfAnEarlierRelease() {
        server.set(ANNS_KEY.getBytes(UTF_8), RowCodec.of(COUNTS).encode(ROW));
        store.put(Epoch.byHand(COUNTS, 1), List.of(new OnlineWrite(COUNTS, ANN, ROW)));

        assertThat(store.get(COUNTS, List.of(ANN))).containsExactly(ROW);
    }

    @Test
    void tellsAMarkThatAnotherRunOfTheServerLeft() {
        MarkLook look = new MarkLook("counts@1 0", "whole", 0, "whole", "torn");
        store.mark(look);
        assertThat(server.get(MARK)).matches("torn 0 \\w{40}");

        server.set(MARK, server.get(MARK).replace("torn 0", "whole 41"));
        assertThat(store.mark(look)).isEqualTo(42);
        server.set(MARK, "whole 42 " + "0".repeat(40));
        assertThat(store.mark(look)).isZero();
    }

    @Test
    void takesTheMarksOfEarlierReleasesForNone() {
        server.set(MARK, "");
        assertThat(store.mark(new MarkLook("counts@1 0", "whole", 0, "whole", "torn")))
                .isZero();
        assertThat(store.mark(new MarkLook("counts@1 0", "torn", 0, "whole", "torn")))
                .isEqualTo(1);
    }

    @Test
    void goesByTheNumberWhereTheServerDoesNotTellItsRun() {
        server.sendCommand(Protocol.Command.ACL, "SETUSER", "default", "-info");
        try {
            store.mark(new MarkLook("counts@1 0", "whole", 3, "whole", "torn"));
            assertThat(server.get(MARK)).isEqualTo("torn 3 -");
            assertThat(store.mark(new MarkLook("counts@1 0", "torn", 3, "whole", "torn")))
                    .isEqualTo(4);
            server.set(MARK, "whole 3 -");
            assertThat(store.mark(new MarkLook("counts@1 0", "whole", 4, "whole", "torn")))
                    .isZero();
        } finally {
            server.sendCommand(Protocol.Command.ACL, "SETUSER", "default", "+info");
        }
    }

    @Test
    void countsNoKeysOfOthers() {
        server.set("tidemark", "x");
        server.set("session:{1}", "x");
        store.put(Epoch.byHand(COUNTS, 1), List.of(new OnlineWrite(COUNTS, ANN, ROW)));

        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void namesTheKeyOfAValueThatItCannotDecode() {
        server.set(ANNS_KEY.getBytes(UTF_8), new byte[] {42});

        assertThatExceptionOfType(OnlineStoreException.class)
                .isThrownBy(() -> store.get(COUNTS, List.of(ANN)))
                .withMessageContaining(ANNS_KEY)
                .withMessageContaining("format 42");
    }

    @Test
    void saysWhatRedisRefused() {
        // A key of another kind makes MGET answer null, but a full Redis refuses to write.
        server.configSet("maxmemory", "1");
        try {
            assertThatExceptionOfType(OnlineStoreException.class)
                    .isThrownBy(() -> store.put(Epoch.byHand(COUNTS, 1), List.of(new OnlineWrite(COUNTS, ANN, ROW))))
                    .withMessageStartingWith("Could not write 1 rows to Redis at " + uri.replace("redis://", ""))
                    .withMessageContaining("OOM");
        } finally {
            server.configSet("maxmemory", "0");
        }
        store.put(Epoch.byHand(COUNTS, 1), List.of(new OnlineWrite(COUNTS, ANN, ROW)));
        assertThat(store.get(COUNTS, List.of(ANN))).containsExactly(ROW);
    }

    @Test
    void tellsByWhichPolicyRedisDropsRows() {
        assertThat(store.evictionPolicy()).isNull();
        server.configSet("maxmemory-policy", "volatile-lru");
        try {
            assertThat(store.evictionPolicy()).isEqualTo("volatile-lru");
            server.sendCommand(Protocol.Command.ACL, "SETUSER", "default", "-info");
            assertThat(store.evictionPolicy()).as("to whom may not ask").isNull();
        } finally {
            server.sendCommand(Protocol.Command.ACL, "SETUSER", "default", "+info");
            server.configSet("maxmemory-policy", "noeviction");
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void givesUpAWriteThatNobodyTakes() throws Exception {
        FeatureView view = TestViews.view("large", 1, HostileRows.USER, "s", DataType.STRING);
        FeatureRow row = new FeatureRow(List.of("x".repeat(1 << 20)), 2, 3, 1);
        List<OnlineWrite> rows = IntStream.range(0, 32)
                .mapToObj(i -> new OnlineWrite(view, JoinKeys.encode(HostileRows.USER, List.of("u" + i)), row))
                .toList();
        URI address = URI.create(uri);
        try (SilentRelay relay = new SilentRelay();
                OnlineStore far =
                        RedisOnlineStore.connect("redis://127.0.0.1:" + relay.port(), Duration.ofSeconds(1))) {
            relay.open(address.getHost(), address.getPort());
            far.put(Epoch.byHand(view, 1), rows.subList(0, 1));
            relay.fallDeafAfter(1 << 20);
            assertThatExceptionOfType(OnlineStoreException.class)
                    .isThrownBy(() -> far.put(Epoch.byHand(view, 1), rows))
                    .withMessageStartingWith("Could not write 32 rows to Redis at 127.0.0.1:" + relay.port());
        }
    }

    @Test
    void comesBackWhenItsConnectionsWereCut() {
        store.put(Epoch.byHand(COUNTS, 1), List.of(new OnlineWrite(COUNTS, ANN, ROW)));
        server.sendCommand(Protocol.Command.CLIENT, "KILL", "TYPE", "normal", "SKIPME", "yes");

        assertThatExceptionOfType(OnlineStoreException.class).isThrownBy(store::ping);
        assertThat(store.get(COUNTS, List.of(ANN))).containsExactly(ROW);
    }
}
