package dev.tidemark.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.jobs.record.Refusal;
import dev.tidemark.jobs.record.RefusalReason;
import dev.tidemark.jobs.record.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventReaderTest {
    private static final Source SOURCE = TestViews.payments("payments");
    private static final List<FeatureView> VIEWS = List.of(TestViews.byCard(SOURCE), TestViews.byMerchant(SOURCE));

    private final EventReader reader = new EventReader(SOURCE, VIEWS);

    @Test
    void projectsAnEventForEveryView() {
        SourceRecord record = read(TestViews.payment(1_000, "c1", 7L, "DE", 2.5));

        assertThat(record.refusal()).isNull();
        assertThat(record.time()).isEqualTo(1_000);
        assertThat(record.events()).extracting(KeyedEvent::key).containsExactly("[\"c1\"]", "[7,\"DE\"]");
        assertThat(record.events()).allSatisfy(event -> {
            assertThat(event.partition()).isEqualTo(3);
            assertThat(event.offset()).isEqualTo(42);
            assertThat(event.time()).isEqualTo(1_000);
            assertThat(event.producedAt()).isEqualTo(5_000);
        });
    }

    @Test
    void refusesARecordAsAWholeIfOneViewMissesItsKey() {
        SourceRecord record = read(TestViews.payment(1_000, "c1", 7L, null, 2.5));

        assertThat(record.refusal())
                .isEqualTo(new Refusal(
                        RefusalReason.MISSING_KEY, "View merchant_payments@1 takes the event, but country is null."));
        assertThat(record.events()).isEmpty();
        assertThat(record.time()).isEqualTo(1_000);
    }

    @Test
    void refusesKeysThatNoIndexHolds() {
        assertThat(read(TestViews.payment(0, "c".repeat(1_020), 7L, "DE", 1)).refusal())
                .isNull();
        assertThat(reason(TestViews.payment(0, "c".repeat(1_021), 7L, "DE", 1))).isEqualTo(RefusalReason.KEY_TOO_LONG);
        assertThat(read(TestViews.payment(0, "é".repeat(510), 7L, "DE", 1)).refusal())
                .isNull();
        assertThat(reason(TestViews.payment(0, "é".repeat(511), 7L, "DE", 1))).isEqualTo(RefusalReason.KEY_TOO_LONG);
        assertThat(read(TestViews.payment(0, "😀".repeat(255), 7L, "DE", 1)).refusal())
                .isNull();
        assertThat(reason(TestViews.payment(0, "😀".repeat(256), 7L, "DE", 1))).isEqualTo(RefusalReason.KEY_TOO_LONG);
    }

    @Test
    void refusesARecordWithoutEventTime() {
        assertThat(reason("{\"card\":\"c\",\"merchant\":1,\"country\":\"DE\"}")).isEqualTo(RefusalReason.EVENT_TIME);
        assertThat(reason("{\"time\":null,\"card\":\"c\"}")).isEqualTo(RefusalReason.EVENT_TIME);
    }

    @Test
    void refusesTombstonesAndGarbage() {
        assertThat(reader.read(0, 0, 0, null).refusal().reason()).isEqualTo(RefusalReason.MALFORMED);
        assertThat(reason("nonsense")).isEqualTo(RefusalReason.MALFORMED);
        assertThat(read("nonsense").time()).isEqualTo(SourceRecord.NO_TIME);
    }

    @Test
    void neverThrowsWhateverARecordHolds() {
        Random random = new Random(1);
        byte[] good = TestViews.payment(1_000, "c1", 7L, "DE", 2.5).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int change = 0; change < 1 + i % 4; change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            SourceRecord record = reader.read(0, i, 0, bytes);
            Refusal refusal = record.refusal();
            if (record.events().size() != (refusal == null ? 2 : 0)
                    || refusal != null && refusal.reason() == RefusalReason.UNPROCESSABLE) {
                fail("%s: %s", new String(bytes, StandardCharsets.UTF_8), record);
            }
        }
    }

    @Test
    void readsAnEventTimeInUnits() {
        Source source = new Source(
                "s",
                "t",
                Source.Format.JSON,
                Map.of("ts", DataType.LONG, "card", DataType.STRING),
                new Source.EventTime("ts", Source.Unit.MICROS),
                Duration.ZERO,
                Duration.ofSeconds(1));
        EventReader micros = new EventReader(source, List.of());

        assertThat(micros.read(0, 0, 0, "{\"ts\":-1}".getBytes(StandardCharsets.UTF_8))
                        .time())
                .isEqualTo(-1);
        assertThat(micros.read(0, 0, 0, "{\"ts\":9000000000000000000}".getBytes(StandardCharsets.UTF_8))
                        .refusal()
                        .reason())
                .isEqualTo(RefusalReason.EVENT_TIME);
    }

    @ParameterizedTest
    @EnumSource(
            value = Source.Format.class,
            names = {"AVRO", "PROTOBUF"})
    void doesNotPretendToReadOtherFormats(Source.Format format) {
        Source source =
                new Source("s", "t", format, Map.of(), SOURCE.eventTime(), Duration.ZERO, Duration.ofSeconds(1));

        assertThat(EventReader.canRead(format)).isFalse();
        assertThatThrownBy(() -> new EventReader(source, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be read yet");
    }

    private SourceRecord read(String text) {
        return reader.read(3, 42, 5_000, text.getBytes(StandardCharsets.UTF_8));
    }

    private RefusalReason reason(String text) {
        return read(text).refusal().reason();
    }
}
