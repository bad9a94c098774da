package dev.tidemark.jobs.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.InputEvent;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.engine.ViewPlan;
import dev.tidemark.jobs.TestViews;
import dev.tidemark.jobs.ingest.EventReader;
import dev.tidemark.jobs.record.KeyedEvent;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.FrontierPart;
import dev.tidemark.stores.InMemoryHistoryStore;
import dev.tidemark.stores.InMemoryOnlineStore;
import dev.tidemark.stores.OnlineWrite;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A job of two writers, one of which died before it wrote the row of its entity. The other went on. */
final class ViewAuditTest {
    private static final TopicPartition PARTITION = new TopicPartition("payments", 0);
    private static final LogPosition END = LogPosition.NONE.with(0, 1);
    private static final long EPOCH = 7L << 20;

    private final FeatureView view = TestViews.byCard(TestViews.payments("payments"));
    private final InMemoryOnlineStore online = new InMemoryOnlineStore();
    private final InMemoryHistoryStore history = new InMemoryHistoryStore();
    private final List<Difference> differences = new ArrayList<>();
    private final List<byte[]> payments = List.of(payment(1_000_000, "dead"), payment(1_000_001, "alive"));

    @Test
    void whatADeadWriterHasNotPassedIsPendingHoweverFarTheOthersAre() throws Exception {
        write(1);
        online.advance(view, 1, null, new FrontierPart(EPOCH, 2, END, LogPosition.NONE));
        assertThat(audit().pending()).as("no word of the dead writer").isEqualTo(1);

        online.advance(view, 0, null, new FrontierPart(EPOCH, 2, LogPosition.NONE, LogPosition.NONE));
        assertThat(audit().pending()).as("it died before the event").isEqualTo(1);
        assertThat(differences).isEmpty();

        online.advance(view, 0, null, new FrontierPart(EPOCH, 2, END, LogPosition.NONE));
        assertThat(audit().pending()).isZero();
        assertThat(differences).extracting(Difference::kind).containsExactly(Difference.Kind.ONLINE_BEHIND_LOG);
    }

    private AuditResult audit() throws Exception {
        Audit.Tally tally = new Audit.Tally(differences::add);
        history.create(view);
        try (SourceLog log = log();
                ViewAudit audit = new ViewAudit(view, online, history, new Sample(Integer.MAX_VALUE, 1))) {
            audit.readOnline();
            log.read(List.of(view), (index, event) -> audit.add(event));
            audit.readHistory();
            audit.compare(log, new Audit.Deadline(Duration.ZERO), tally);
        }
        return tally.result(Map.of());
    }

    private SourceLog log() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        consumer.assign(List.of(PARTITION));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 2L));
        for (int offset = 0; offset < payments.size(); offset++) {
            consumer.addRecord(new ConsumerRecord<>(PARTITION.topic(), 0, offset, new byte[0], payments.get(offset)));
        }
        return new SourceLog(view.source(), consumer, Map.of(PARTITION, 2L));
    }

    /** Writes the row of the event at an offset. */
    private void write(int offset) {
        KeyedEvent event = new EventReader(view.source(), List.of(view))
                .read(0, offset, 0, payments.get(offset))
                .events()
                .get(0);
        ViewPlan plan = ViewPlan.of(view);
        List<FeatureRow> rows = new Recomputation(
                        plan, List.of(new InputEvent(event.time(), 0, offset, plan.decodeInputs(event.inputs()))))
                .rows();
        FeatureRow first = rows.get(0);
        FeatureRow row =
                new FeatureRow(first.values(), first.validFrom(), rows.get(1).validFrom(), first.lastEventTime());
        online.put(
                Epoch.byHand(view, EPOCH),
                List.of(new OnlineWrite(
                        view,
                        JoinKeys.encode(view.entity(), List.of("alive")),
                        row,
                        LogPosition.NONE.with(0, offset))));
    }

    private static byte[] payment(long time, String card) {
        return TestViews.payment(time, card, 1L, "NL", 5).getBytes(StandardCharsets.UTF_8);
    }
}
