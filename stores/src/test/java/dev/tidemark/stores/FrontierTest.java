package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.LogPosition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A frontier must never say that a record is in which may not be. */
class FrontierTest {
    private static final long RUN = 7L << 20;
    private static final long NEXT_RUN = 8L << 20;

    @Test
    void isWhatAllWritersOfARunHaveReached() {
        Frontier frontier =
                Frontier.of(Map.of(0, part(RUN, 2, "0:10,1:3", ""), 1, part(RUN + 1, 2, "0:8,1:5,2:1", "")));

        assertThat(frontier.reached()).hasToString("0:8,1:3");
        assertThat(frontier.covers(LogPosition.parse("0:8,1:3"))).isTrue();
        assertThat(frontier.covers(LogPosition.parse("0:9"))).isFalse();
        assertThat(frontier.covers(LogPosition.parse("2:0"))).isFalse();
    }

    @Test
    void isNothingWhileAWriterIsSilentOrOfAnotherRun() {
        LogPosition first = LogPosition.parse("0:0");

        assertThat(Frontier.UNKNOWN.covers(first)).isFalse();
        assertThat(Frontier.of(Map.of(1, part(RUN, 2, "0:10", ""))).covers(first))
                .isFalse();
        assertThat(Frontier.of(Map.of(0, part(NEXT_RUN, 2, "0:10", ""), 1, part(RUN, 2, "0:10", "")))
                        .covers(first))
                .isFalse();
        // Two share the entities in another way than three did.
        assertThat(Frontier.of(Map.of(
                                0, part(NEXT_RUN, 2, "0:10", ""),
                                1, part(NEXT_RUN, 2, "0:12", ""),
                                2, part(RUN, 3, "0:1", "")))
                        .reached())
                .hasToString("0:10");
    }

    @Test
    void provesNothingOfRecordsWhoseRowsMayBeLost() {
        Frontier frontier = Frontier.of(Map.of(0, part(RUN, 2, "0:10,1:3", "0:5"), 1, part(RUN, 2, "0:10,1:3", "1:2")));

        assertThat(frontier.covers(LogPosition.parse("0:5"))).isFalse();
        assertThat(frontier.covers(LogPosition.parse("0:6"))).isTrue();
        assertThat(frontier.covers(LogPosition.parse("0:6,1:2"))).isFalse();
        assertThat(frontier.covers(LogPosition.parse("0:6,1:3"))).isTrue();
    }

    @Test
    void doesNotSpeakForARowThatRefusesThoseOfThisRun() {
        Frontier frontier = Frontier.of(Map.of(0, part(NEXT_RUN, 1, "0:10,1:8", "")));
        LogPosition wanted = LogPosition.parse("1:7");

        // Left by the run before, which had read more of partition 0 and less of partition 1.
        assertThat(frontier.covers(wanted, row(RUN, "0:15,1:6"))).isFalse();
        assertThat(frontier.covers(wanted, row(RUN, "0:15,1:7"))).isTrue();
        assertThat(frontier.covers(wanted, row(RUN, "0:10,1:6"))).isTrue();
        assertThat(frontier.covers(wanted, row(NEXT_RUN, "0:15,1:6"))).isTrue();
        assertThat(frontier.covers(wanted, null)).isTrue();
    }

    @Test
    void doesNotSpeakForARowThatWasRebuilt() {
        Frontier frontier = Frontier.of(Map.of(0, part(RUN, 1, "0:10", "")));

        assertThat(frontier.covers(LogPosition.parse("0:7"), row(-RUN, ""))).isFalse();
    }

    @Test
    void whatTheWritersHavePassedARowOughtToKnowThoughTheStoreLostIt() {
        Frontier frontier = Frontier.of(Map.of(0, part(NEXT_RUN, 1, "0:10,1:8", "0:9")));

        assertThat(frontier.passed(null)).hasToString("0:10,1:8");
        assertThat(frontier.passed(row(RUN, "0:7"))).hasToString("0:10,1:8");
        assertThat(frontier.passed(row(-RUN, ""))).hasToString("0:10,1:8");
        // It refuses those of this run.
        assertThat(frontier.passed(row(RUN, "0:15,1:6"))).isEqualTo(LogPosition.NONE);
        assertThat(Frontier.UNKNOWN.passed(row(RUN, "0:7"))).isEqualTo(LogPosition.NONE);
    }

    @Test
    void aRowThatHasComeFarEnoughNeedsNoFrontier() {
        assertThat(Frontier.UNKNOWN.covers(LogPosition.parse("0:7"), row(RUN, "0:7")))
                .isTrue();
        assertThat(Frontier.UNKNOWN.covers(LogPosition.parse("0:7,1:0"), row(RUN, "0:7")))
                .isFalse();
    }

    @Test
    void proofsOfRowAndFrontierAreJoinedByPartition() {
        LogPosition wanted = LogPosition.parse("0:1234,1:77");
        Frontier frontier = Frontier.of(Map.of(0, part(RUN, 1, "0:1200,1:80", "")));

        assertThat(frontier.covers(wanted, row(RUN, "0:1234"))).isTrue();
        assertThat(frontier.covers(wanted, row(RUN, "0:1233"))).isFalse();
        assertThat(frontier.covers(LogPosition.parse("0:1234,1:81"), row(RUN, "0:1234")))
                .isFalse();
        assertThat(frontier.covers(wanted, row(RUN - 1, "0:1234")))
                .as("of a former run and ahead of this one: refuses its rows")
                .isFalse();
        assertThat(frontier.covers(wanted, row(-RUN, "0:1234"))).as("rebuilt").isFalse();
        assertThat(Frontier.of(Map.of(0, part(RUN, 1, "0:1200,1:80", "1:77"))).covers(wanted, row(RUN, "0:1234")))
                .as("the rows of this record may be lost")
                .isFalse();
        assertThat(Frontier.of(Map.of(0, part(RUN, 1, "0:1200,1:80", "0:1234,1:76")))
                        .covers(wanted, row(RUN, "0:1234")))
                .as("this row is not lost")
                .isTrue();
        assertThat(Frontier.UNKNOWN.covers(wanted, row(RUN, "0:1234"))).isFalse();
    }

    @Test
    void readsWhatItWroteAndRefusesTheRest() {
        FrontierPart part = part(RUN, 3, "0:10,7:5000000000", "0:4");

        assertThat(FrontierPart.decode(part.encode())).isEqualTo(part);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FrontierPart.decode(new byte[] {9, 0}))
                .withMessageContaining("format 9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FrontierPart.decode(new byte[] {1, 0}))
                .withMessageContaining("ends too early");
    }

    private static FrontierPart part(long epoch, int writers, String reached, String since) {
        return new FrontierPart(epoch, writers, LogPosition.parse(reached), LogPosition.parse(since));
    }

    private static OnlineRow row(long epoch, String position) {
        return new OnlineRow(new FeatureRow(List.of(1L), 2, 3, 1), LogPosition.parse(position), epoch);
    }
}
