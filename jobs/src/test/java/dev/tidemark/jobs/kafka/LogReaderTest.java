package dev.tidemark.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.jobs.JobSetupException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Brokers that go away in mid-read: the end lies ahead, and nothing comes. */
final class LogReaderTest {
    private static final TopicPartition PARTITION = new TopicPartition("payments.dead-letters", 0);
    private static final String SILENCE = "no record came for 30 seconds";

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final List<Long> read = new ArrayList<>();
    private long nanos;

    @Test
    void silenceIsNotWaitedForForEver() {
        LogReader log = log(3);
        deliver(0);
        assertThatThrownBy(() -> log.readAll(Long.MIN_VALUE, record -> read.add(record.offset())))
                .isInstanceOf(KafkaException.class)
                .hasMessage(SILENCE);
        assertThat(read).containsExactly(0L);
        assertThatThrownBy(() -> log.read(PARTITION, 1, 2, record -> true)).hasMessage(SILENCE);
    }

    /** Each record comes after a silence that is almost too long. */
    @Test
    void whoeverIsSlowIsWaitedFor() {
        LogReader log = log(3);
        for (int offset = 0; offset < 3; offset++) {
            int next = offset;
            consumer.schedulePollTask(() -> {
                nanos += Duration.ofSeconds(29).toNanos();
                deliver(next);
            });
        }
        log.readAll(Long.MIN_VALUE, record -> read.add(record.offset()));
        assertThat(read).containsExactly(0L, 1L, 2L);
    }

    @Test
    void aListIsToldWhatTheUserCanMend() {
        try (DeadLetterLog letters = new DeadLetterLog(log(3), new OriginalRecords("payments", log(0)))) {
            DeadLetterLog.Selection all = new DeadLetterLog.Selection(Set.of(), null, null);
            assertThatThrownBy(() -> letters.forEach(all, letter -> true))
                    .isInstanceOf(JobSetupException.class)
                    .hasMessageContaining(SILENCE);
            assertThatThrownBy(() -> letters.forEachBatch(all, letter -> true, 1, batch -> {}))
                    .isInstanceOf(KafkaException.class);
        }
    }

    private LogReader log(long end) {
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        return new LogReader(consumer, List.of(PARTITION), Map.of(PARTITION, end), () -> nanos += 1_000_000_000);
    }

    /** A consumer takes records of what it reads, so only when it has begun. */
    private void deliver(long offset) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(PARTITION.topic(), 0, offset, new byte[0], new byte[0]);
        if (consumer.assignment().isEmpty()) {
            consumer.schedulePollTask(() -> consumer.addRecord(record));
        } else {
            consumer.addRecord(record);
        }
    }
}
