package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.stores.OnlineStore.Lookup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every online store keeps; each test starts with an empty one. */
abstract class OnlineStoreContract {
    private static final FeatureView COUNTS = TestViews.view("counts", 1, HostileRows.USER, "n", DataType.LONG);
    private static final FeatureView COUNTS_2 =
            TestViews.view("counts", 2, HostileRows.USER, "n", DataType.LONG, "more", DataType.STRING);
    private static final FeatureView PAIRS = TestViews.view("pairs", 1, HostileRows.PAIR, "n", DataType.LONG);
    private static final FeatureView PLACES = TestViews.view("places", 1, HostileRows.PLACE, "n", DataType.LONG);
    private static final String ANN = JoinKeys.encode(HostileRows.USER, List.of("ann"));
    private static final String BOB = JoinKeys.encode(HostileRows.USER, List.of("bob"));

    abstract OnlineStore store();

    @Test
    void knowsNothingOfAnEntityThatWasNeverWritten() {
        assertThat(store().get(COUNTS, List.of(ANN))).containsExactly((FeatureRow) null);
        assertThat(store().get(List.of())).isEmpty();
        assertThat(store().size()).isZero();
    }

    @Test
    void countsAMarkUpThatSaysWhatItHasToSay() {
        assertThat(store().mark(new MarkLook("counts@1 0", "whole", 0, "whole", "torn")))
                .as("there is none")
                .isZero();
        assertThat(store().mark(new MarkLook("counts@1 1", "whole", 0, "whole", "torn")))
                .as("nor another")
                .isZero();
        assertThat(store().mark(new MarkLook("counts@1 0", "torn", 0, "torn", "lost")))
                .isEqualTo(1);
        assertThat(store().mark(new MarkLook("counts@1 0", "torn", 1, "whole", "lost")))
                .isEqualTo(2);
        assertThat(store().mark(new MarkLook("counts@1 0", "torn", 2, "whole", "lost")))
                .as("it says something else")
                .isZero();
        assertThat(store().mark(new MarkLook("counts@1 0", "lost", 2, "whole", "torn")))
                .as("its number stays")
                .isEqualTo(3);
        assertThat(store().size()).as("no row").isZero();
    }

    @Test
    void tellsAMarkWhoseNumberWentBack() {
        store().mark(new MarkLook("counts@1 0", "whole", 7, "whole", "torn"));
        assertThat(store().mark(new MarkLook("counts@1 0", "torn", 7, "whole", "torn")))
                .isEqualTo(8);
        assertThat(store().mark(new MarkLook("counts@1 0", "whole", 9, "whole", "torn")))
                .isZero();
        assertThat(store().mark(new MarkLook("counts@1 0", "torn", 9, "whole", "lost")))
                .as("and goes on from the one that was asked for")
                .isEqualTo(10);
    }

    @ParameterizedTest
    @MethodSource("dev.tidemark.stores.HostileRows#rows")
    void givesBackEveryBit(FeatureRow row) {
        put(new OnlineWrite(HostileRows.EVERYTHING, ANN, row));

        FeatureRow back = store().get(HostileRows.EVERYTHING, List.of(ANN)).get(0);

        HostileRows.assertSameBits(back, row);
    }

    @Test
    void keepsHostileKeysApart() {
        List<String> keys = new ArrayList<>(HostileRows.userKeys().toList());
        // Halves of surrogate pairs have no UTF-8 form; as question marks they would be one entity.
        keys.add(JoinKeys.encode(HostileRows.USER, List.of("\uD83D")));
        keys.add(JoinKeys.encode(HostileRows.USER, List.of("\uDE00")));
        keys.add(JoinKeys.encode(HostileRows.USER, List.of("?")));
        keys.add(JoinKeys.encode(HostileRows.USER, List.of("\\ud83d")));
        List<OnlineWrite> writes = new ArrayList<>();
        keys.forEach(key -> writes.add(new OnlineWrite(COUNTS, key, row(writes.size()))));

        store().put(Epoch.byHand(COUNTS, 1), writes);

        List<FeatureRow> expected = LongStream.range(0, keys.size())
                .mapToObj(OnlineStoreContract::row)
                .toList();
        assertThat(store().get(COUNTS, keys)).isEqualTo(expected);
        assertThat(store().size()).isEqualTo(keys.size());
    }

    @Test
    void keepsCompositeKeysApart() {
        put(
                new OnlineWrite(PAIRS, HostileRows.pair("1", "11"), row(1)),
                new OnlineWrite(PAIRS, HostileRows.pair("11", "1"), row(2)),
                new OnlineWrite(PAIRS, HostileRows.pair("1\",\"1", "1"), row(3)));

        assertThat(store().get(
                                PAIRS,
                                List.of(
                                        HostileRows.pair("11", "1"),
                                        HostileRows.pair("1", "11"),
                                        HostileRows.pair("1\",\"1", "1"),
                                        HostileRows.pair("1", "1\",\"1"))))
                .containsExactly(row(2), row(1), row(3), null);
    }

    @Test
    void readsSeveralViewsAndEntitiesTogetherInTheOrderAsked() {
        String place = JoinKeys.encode(HostileRows.PLACE, List.of(Long.MIN_VALUE, true, Instant.EPOCH));
        FeatureRow second = new FeatureRow(List.of(9L, "more"), 5, 6, 4);
        put(new OnlineWrite(COUNTS, ANN, row(1)));
        put(new OnlineWrite(COUNTS_2, ANN, second));
        put(new OnlineWrite(PLACES, place, row(3)));

        assertThat(store().get(List.of(
                        new Lookup(PLACES, place),
                        new Lookup(COUNTS_2, ANN),
                        new Lookup(PAIRS, HostileRows.pair("a", "b")),
                        new Lookup(COUNTS, ANN),
                        new Lookup(PLACES, place))))
                .containsExactly(row(3), second, null, row(1), row(3));
    }

    @Test
    void handsOverTheRowsOfOneView() {
        List<String> keys = new ArrayList<>(HostileRows.userKeys().toList());
        keys.add(JoinKeys.encode(HostileRows.USER, List.of("\uD83D")));
        keys.add(JoinKeys.encode(HostileRows.USER, List.of("x}:counts@2")));
        List<OnlineWrite> writes = new ArrayList<>();
        keys.forEach(key -> writes.add(new OnlineWrite(COUNTS, key, row(writes.size()))));
        store().put(Epoch.byHand(COUNTS, 7), writes);
        put(new OnlineWrite(COUNTS_2, ANN, new FeatureRow(List.of(9L, "more"), 5, 6, 4)));
        put(new OnlineWrite(PAIRS, HostileRows.pair("a", "b"), row(3)));

        Map<String, OnlineRow> found = new HashMap<>();
        store().scan(COUNTS, found::put);

        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(keys);
        for (int i = 0; i < keys.size(); i++) {
            assertThat(found.get(keys.get(i))).isEqualTo(new OnlineRow(row(i), LogPosition.NONE, 7));
        }
    }

    @Test
    void keepsTheLastOfSeveralRows() {
        put(new OnlineWrite(COUNTS, ANN, row(1)), new OnlineWrite(COUNTS, ANN, row(2)));
        assertThat(store().get(COUNTS, List.of(ANN))).containsExactly(row(2));

        put(new OnlineWrite(COUNTS, ANN, row(3)));
        assertThat(store().get(COUNTS, List.of(ANN))).containsExactly(row(3));
        assertThat(store().size()).isEqualTo(1);
    }

    @Test
    void takesManyRowsAtOnce() {
        List<String> keys = LongStream.range(0, 2_500)
                .mapToObj(i -> JoinKeys.encode(HostileRows.USER, List.of("user" + i)))
                .toList();
        List<OnlineWrite> writes = new ArrayList<>();
        keys.forEach(key -> writes.add(new OnlineWrite(COUNTS, key, row(writes.size()))));

        store().put(Epoch.byHand(COUNTS, 1), writes);
        store().put(Epoch.byHand(COUNTS, 1), List.of());

        assertThat(store().size()).isEqualTo(2_500);
        assertThat(store().get(COUNTS, keys))
                .extracting(row -> row.values().get(0))
                .isEqualTo(LongStream.range(0, 2_500).boxed().toList());
    }

    @Test
    void answersAPing() {
        store().ping();
    }

    @Test
    void saysWhichEventsARowKnows() {
        LogPosition position = LogPosition.parse("0:7,12:1099511627776");
        put(new OnlineWrite(COUNTS, ANN, row(1), position));

        assertThat(store().find(List.of(new Lookup(COUNTS, ANN)))).containsExactly(new OnlineRow(row(1), position, 1));
    }

    @Test
    void refusesWhatAWriterThatWasReplacedSends() {
        assertThat(put(5, row(9), "0:9")).isEqualTo(OnlineVersion.Verdict.TAKEN);
        assertThat(put(4, row(10), "0:10")).isEqualTo(OnlineVersion.Verdict.FENCED);
        assertThat(put(-5, row(10), "0:10")).isEqualTo(OnlineVersion.Verdict.FENCED);

        assertThat(store().get(COUNTS, List.of(ANN))).containsExactly(row(9));
    }

    @Test
    void takesTheRowsOfOneEpochAsTheyCome() {
        put(5, row(9), "0:9,1:4");

        assertThat(put(5, row(8), "0:9")).isEqualTo(OnlineVersion.Verdict.TAKEN);
        assertThat(store().get(COUNTS, List.of(ANN))).containsExactly(row(8));
    }

    @Test
    void isNotTakenBackByAReplay() {
        put(5, row(9), "0:9,1:4");

        assertThat(put(6, row(7), "0:7,1:4")).as("fewer events").isEqualTo(OnlineVersion.Verdict.BEHIND);
        assertThat(put(6, row(20), "0:8,1:5")).as("others").isEqualTo(OnlineVersion.Verdict.BEHIND);
        assertThat(put(6, row(8), "0:9,1:4")).as("the same, earlier").isEqualTo(OnlineVersion.Verdict.BEHIND);
        assertThat(store().get(COUNTS, List.of(ANN))).containsExactly(row(9));

        assertThat(put(6, row(9), "0:9,1:4")).as("the same").isEqualTo(OnlineVersion.Verdict.TAKEN);
        assertThat(put(7, row(8), "0:9,1:5")).as("more events").isEqualTo(OnlineVersion.Verdict.TAKEN);
        assertThat(put(8, row(8), "0:9,1:5,2:0")).as("from one more partition").isEqualTo(OnlineVersion.Verdict.TAKEN);
        assertThat(store().find(List.of(new Lookup(COUNTS, ANN))))
                .containsExactly(new OnlineRow(row(8), LogPosition.parse("0:9,1:5,2:0"), 8));
    }

    @Test
    void letsAnEntityStartOverWhoseStateWasDropped() {
        put(5, row(9), "0:9,1:4");

        assertThat(put(6, row(9), "0:12")).isEqualTo(OnlineVersion.Verdict.BEHIND);
        assertThat(put(6, row(10), "0:8")).isEqualTo(OnlineVersion.Verdict.BEHIND);
        assertThat(put(6, row(10), "0:12")).isEqualTo(OnlineVersion.Verdict.TAKEN);
        assertThat(put(7, row(11), "")).isEqualTo(OnlineVersion.Verdict.TAKEN);
        assertThat(put(8, row(10), "0:13")).as("a row of the history is newer").isEqualTo(OnlineVersion.Verdict.BEHIND);
        assertThat(put(8, row(12), "0:13")).isEqualTo(OnlineVersion.Verdict.TAKEN);
    }

    @Test
    void comparesNumbersToTheLastBit() {
        long epoch = (1L << 53) - 2;
        put(epoch, row(9), "4294967:9007199254740993");

        assertThat(put(epoch - 1, row(9), "")).isEqualTo(OnlineVersion.Verdict.FENCED);
        assertThat(put(epoch + 1, row(9), "4294967:9007199254740992")).isEqualTo(OnlineVersion.Verdict.BEHIND);
        assertThat(put(epoch + 1, row(9), "4294967:9007199254740994")).isEqualTo(OnlineVersion.Verdict.TAKEN);
        assertThat(put(epoch + 2, row(8), "4294967:9223372036854775807")).isEqualTo(OnlineVersion.Verdict.TAKEN);
    }

    /** Thousands of meetings of rows, as the rule has it that was written down a second time. */
    @Test
    void judgesAnyTwoRowsAsTheRuleSays() {
        Random random = new Random(7);
        Map<OnlineVersion.Verdict, Integer> seen = new EnumMap<>(OnlineVersion.Verdict.class);
        for (int i = 0; i < 3_000; i++) {
            String key = JoinKeys.encode(HostileRows.USER, List.of("user" + i));
            OnlineVersion stored = randomVersion(random);
            OnlineVersion candidate = randomVersion(random);
            put(stored, key);

            OnlineVersion.Verdict verdict = stored.on(candidate);
            assertThat(put(candidate, key)).as("%s on %s", candidate, stored).isEqualTo(verdict);
            seen.merge(verdict, 1, Integer::sum);
        }
        assertThat(seen).hasSize(3).allSatisfy((verdict, times) -> assertThat(times)
                .isGreaterThan(100));
    }

    @Test
    void tellsWhatBecameOfEachRowOfABatch() {
        List<OnlineWrite> writes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String key = JoinKeys.encode(HostileRows.USER, List.of("user" + i));
            writes.add(new OnlineWrite(COUNTS, key, row(1), LogPosition.parse("0:5")));
            if (i % 2 == 0) {
                store().put(
                                Epoch.byHand(COUNTS, i % 4 == 0 ? 1 : 9),
                                List.of(new OnlineWrite(COUNTS, key, row(7), LogPosition.parse("0:9"))));
            }
        }

        assertThat(store().put(Epoch.byHand(COUNTS, 5), writes)).isEqualTo(new OnlineResult(100, 50, 50));
    }

    @Test
    void refusesRowsOfAnotherViewThanTheEpochs() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store().put(Epoch.byHand(PAIRS, 1), List.of(new OnlineWrite(COUNTS, ANN, row(1)))))
                .withMessageContaining("pairs@1");
    }

    /** Both stores forget an entity together: when nobody may use its values and its months were dropped. */
    @Test
    void forgetsAnEntityOnceTheHistoryHas() {
        long now = System.currentTimeMillis();
        Duration day = Duration.ofDays(1);
        FeatureView.History dropped = new FeatureView.History(day, null);
        FeatureView kept = counts("kept", day);
        FeatureView forgotten = counts("forgotten", day).withHistory(dropped);
        FeatureView usable = counts("usable", Duration.ofDays(200)).withHistory(dropped);
        FeatureView lasting = counts("lasting", null).withHistory(dropped);
        FeatureRow old = row(now - Duration.ofDays(100).toMillis());
        for (FeatureView view : List.of(kept, forgotten, usable, lasting)) {
            put(new OnlineWrite(view, ANN, old));
        }
        put(new OnlineWrite(forgotten, BOB, row(now)));

        assertThat(store().get(kept, List.of(ANN)))
                .as("the history still knows it")
                .containsExactly(old);
        assertThat(store().get(forgotten, List.of(ANN, BOB))).containsExactly(null, row(now));
        assertThat(store().get(usable, List.of(ANN)))
                .as("its values may be used")
                .containsExactly(old);
        assertThat(store().get(lasting, List.of(ANN)))
                .as("its values may be used for ever")
                .containsExactly(old);
    }

    @Test
    void keepsHowFarEachWriterHasCome() {
        FrontierPart first = part(1, "0:3", "");
        FrontierPart second = part(1, "0:5,1:0", "");
        assertThat(store().frontiers(List.of(COUNTS, PAIRS))).containsExactly(Frontier.UNKNOWN, Frontier.UNKNOWN);

        assertThat(store().advance(COUNTS, 0, null, first)).isTrue();
        assertThat(store().frontiers(List.of(COUNTS)).get(0).reached())
                .as("the other writer is silent")
                .isEqualTo(LogPosition.NONE);
        assertThat(store().advance(COUNTS, 1, null, second)).isTrue();
        assertThat(store().frontiers(List.of(PAIRS, COUNTS)))
                .extracting(Frontier::reached)
                .containsExactly(LogPosition.NONE, LogPosition.parse("0:3"));
        assertThat(store().size()).as("it is no row").isZero();
    }

    @Test
    void doesNotAdvanceAFrontierThatIsNotWhatItsWriterLeft() {
        FrontierPart first = part(1, "0:3", "");
        FrontierPart second = part(1, "0:5", "");
        FrontierPart third = part(1, "0:7", "");
        assertThat(store().advance(COUNTS, 0, first, second)).as("lost").isFalse();

        store().advance(COUNTS, 0, null, first);
        assertThat(store().advance(COUNTS, 0, first, second)).isTrue();
        assertThat(store().advance(COUNTS, 0, first, second)).as("said again").isTrue();
        assertThat(store().advance(COUNTS, 0, first, third)).as("gone back").isFalse();
        assertThat(store().advance(COUNTS, 0, null, third)).isTrue();
    }

    private static FeatureView counts(String name, Duration ttl) {
        return TestViews.view(name, 1, HostileRows.USER, ttl, List.of(), "n", DataType.LONG);
    }

    private static FrontierPart part(long epoch, String reached, String since) {
        return new FrontierPart(epoch, 2, LogPosition.parse(reached), LogPosition.parse(since));
    }

    private static OnlineVersion randomVersion(Random random) {
        LogPosition position = LogPosition.NONE;
        for (int partition = 0; partition < 3; partition++) {
            if (random.nextInt(4) > 0) {
                position = position.with(partition * 50, (long) random.nextInt(3) << random.nextInt(3) * 30);
            }
        }
        return new OnlineVersion(random.nextInt(4) - 1, position, random.nextInt(3));
    }

    private OnlineVersion.Verdict put(long epoch, FeatureRow row, String position) {
        return verdict(store().put(
                        Epoch.byHand(COUNTS, epoch),
                        List.of(new OnlineWrite(COUNTS, ANN, row, LogPosition.parse(position)))));
    }

    private OnlineVersion.Verdict put(OnlineVersion version, String key) {
        FeatureRow row = row(version.validFrom() - 1);
        return verdict(store().put(
                        Epoch.byHand(COUNTS, version.epoch()),
                        List.of(new OnlineWrite(COUNTS, key, row, version.position()))));
    }

    private static OnlineVersion.Verdict verdict(OnlineResult result) {
        assertThat(result.taken() + result.behind() + result.fenced()).isEqualTo(1);
        return result.taken() == 1
                ? OnlineVersion.Verdict.TAKEN
                : result.behind() == 1 ? OnlineVersion.Verdict.BEHIND : OnlineVersion.Verdict.FENCED;
    }

    private void put(OnlineWrite... writes) {
        store().put(Epoch.byHand(writes[0].view(), 1), List.of(writes));
    }

    private static FeatureRow row(long n) {
        return new FeatureRow(List.of(n), n + 1, n + 2, n);
    }
}
