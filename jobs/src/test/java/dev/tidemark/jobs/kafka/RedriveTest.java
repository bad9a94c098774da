package dev.tidemark.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** How putting records back ends when the brokers do not go along. */
class RedriveTest {
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final Redrive redrive = new Redrive("payments", producer, null);

    RedriveTest() {
        producer.initTransactions();
    }

    @Test
    void commitsTheRecordsAndTheirEntries() {
        assertThat(redrive.send(List.of(record()))).isEqualTo(1);
        assertThat(producer.history()).hasSize(2);
        assertThat(producer.transactionCommitted()).isTrue();
    }

    /** Kafka's producer takes no end of the transaction but the one that is under way. */
    @Test
    void aCommitWithoutAnAnswerFailsAsKafkaSaidIt() {
        producer.commitTransactionException = new TimeoutException("no answer to the commit");
        producer.abortTransactionException = new IllegalStateException("Cannot attempt operation");
        assertThatThrownBy(() -> redrive.send(List.of(record())))
                .isSameAs(producer.commitTransactionException)
                .hasSuppressedException(producer.abortTransactionException);
    }

    @Test
    void aSuccessorIsToldApart() {
        producer.commitTransactionException = new TimeoutException("no answer to the commit");
        producer.abortTransactionException = new ProducerFencedException("another");
        assertThatThrownBy(() -> redrive.send(List.of(record()))).isSameAs(producer.abortTransactionException);
    }

    private static ProducerRecord<byte[], byte[]> record() {
        RecordHeaders headers = new RecordHeaders();
        headers.add(Redrive.HEADER, "0:7".getBytes(StandardCharsets.UTF_8));
        return new ProducerRecord<>("payments", 0, null, null, new byte[] {'x'}, headers);
    }
}
