package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.jobs.kafka.DeadLetterLog;
import dev.tidemark.jobs.kafka.DeadLetterTopics;
import dev.tidemark.jobs.kafka.Redrive;
import dev.tidemark.jobs.record.RefusalReason;
import dev.tidemark.sandbox.TestBackends;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The commands on letters, over a real broker. */
final class DeadLettersIT {
    private static final Pattern CONFIRM = Pattern.compile("--confirm (\\d+) in place of --dry-run and --to (\\S+),");

    private final String kafka = TestBackends.shared().kafkaBootstrap();
    private final String topic = TestBackends.newTopic("refused", 2);
    private final RefusedRecords records = new RefusedRecords(kafka, topic);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    DeadLettersIT() {
        TestBackends.shared().createTopic(DeadLetterTopics.of(topic), 2);
    }

    @AfterEach
    void close() {
        records.close();
    }

    @Test
    void listsOneLineEachWhateverIsInside() throws Exception {
        records.appendRefused(0, "{\"a\":\n\u001b[31m é", RefusalReason.MALFORMED);
        records.refuse(1, 7, RefusalReason.WRONG_TYPE, new byte[] {(byte) 0xff, 0});
        records.refuse(1, 7, RefusalReason.WRONG_TYPE, new byte[] {(byte) 0xff, 0});
        records.refuse(1, 8, RefusalReason.MALFORMED, null);

        assertThat(run("list")).isZero();
        assertThat(out.toString().lines())
                .containsExactlyInAnyOrder(
                        "0:0\tmalformed\t1970-01-01T00:00:01.000Z\tBecause of\\u000aMALFORMED\t{\"a\":\\u000a\\u001b[31m é",
                        "1:7\twrong_type\t1970-01-01T00:00:01.000Z\tBecause of\\u000aWRONG_TYPE\tbase64:/wA=",
                        "1:8\tmalformed\t1970-01-01T00:00:01.000Z\tBecause of\\u000aMALFORMED\t(no value)");
        assertThat(run("list", "--reason", "wrong_type,late", "--format", "json"))
                .isZero();
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.get("topic").textValue()).isEqualTo(topic);
        assertThat(json.get("base64").textValue()).isEqualTo("/wA=");
        assertThat(json.get("redriven").booleanValue()).isFalse();
        assertThat(run("list", "--limit", "2")).isZero();
        assertThat(out.toString().lines()).hasSize(2);
    }

    @Test
    void fetchesFromTheSourceWhatTheLetterDoesNotHold() throws Exception {
        byte[] longest = "x".repeat(900_000).getBytes(StandardCharsets.UTF_8);
        records.refuse(0, records.append(0, "long", longest), RefusalReason.WRONG_TYPE, longest);
        records.refuse(0, records.append(0, "behind", new byte[] {'b'}), RefusalReason.BEHIND_SETTLED, null);

        assertThat(run("list", "--format", "json")).isZero();
        List<JsonNode> letters = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            letters.add(new ObjectMapper().readTree(line));
        }
        assertThat(letters)
                .extracting(letter -> letter.get("whole").booleanValue())
                .containsOnly(true);
        assertThat(letters)
                .extracting(letter -> letter.get("text").textValue().length())
                .containsExactlyInAnyOrder(900_000, 1);

        forgetSource(2);
        assertThat(run("list", "--reason", "behind_settled")).isZero();
        assertThat(out.toString()).contains("(gone: ");
        assertThat(run("redrive", "--reason", "all", "--confirm", "2")).isEqualTo(1);
        assertThat(out.toString()).contains("Put back 0 records", "Beware: an event behind settled rows");
        assertThat(err.toString()).contains("2 records could not be put back");
    }

    @Test
    void countsByReason() throws Exception {
        for (int i = 0; i < 3; i++) {
            records.appendRefused(i % 2, "late" + i, RefusalReason.LATE);
        }
        long offset = records.appendRefused(0, "odd", RefusalReason.UNPROCESSABLE);
        records.refuse(0, offset, RefusalReason.UNPROCESSABLE, "odd".getBytes(StandardCharsets.UTF_8));
        records.scribble("no letter");

        assertThat(run("count")).isZero();
        assertThat(out.toString()).containsPattern("late +3 +0 +2").containsPattern("unprocessable +1 +0 +2");
        assertThat(out.toString()).containsPattern("total +4 +0");
        assertThat(err.toString()).contains("1 records of the topic " + DeadLetterTopics.of(topic));
        assertThat(run("count", "--to", "2020-01-01T00:00:00Z")).isZero();
        assertThat(out.toString()).containsPattern("total +0 +0");
    }

    /** As during a takeover: a payment without a merchant is an event for a job of cards alone. */
    @Test
    void leavesAloneWhatAnotherJobMayHaveCounted() throws Exception {
        records.appendRefused(0, "one", RefusalReason.MALFORMED);
        records.appendRefused(0, "two", RefusalReason.MISSING_KEY);
        records.appendRefused(0, "three", RefusalReason.KEY_TOO_LONG);
        commit("tidemark:card@1,merchant@1");
        assertThat(run("redrive", "--dry-run")).isZero();
        assertThat(out.toString()).contains("3 records to put back.");

        commit("tidemark:card@2");
        assertThat(run("redrive", "--dry-run")).isZero();
        assertThat(out.toString()).contains("1 malformed", "1 records to put back.");
        assertThat(err.toString())
                .contains("those of card@1, merchant@1; of card@2.", "stay out unless --reason names them.");
        assertThat(run("redrive", "--dry-run", "--reason", "missing_key")).isZero();
        assertThat(out.toString()).contains("1 missing_key", "1 records to put back.");
        assertThat(err.toString()).contains("counts there once more.").doesNotContain("stay out");
    }

    /** As a job does after a checkpoint. */
    private void commit(String group) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(1)))
                    .all()
                    .get();
        }
    }

    @Test
    void putsEachRecordBackOnceWithAllThatItHad() throws Exception {
        records.append(0, null, "fine".getBytes(StandardCharsets.UTF_8));
        records.appendRefused(0, "one", RefusalReason.MALFORMED);
        records.appendRefused(1, "two", RefusalReason.MISSING_KEY);
        records.appendRefused(1, "late", RefusalReason.LATE);

        assertThat(run("redrive")).isEqualTo(2);
        assertThat(err.toString()).contains("--dry-run");
        assertThat(run("redrive", "--confirm", "3")).isEqualTo(2);
        assertThat(err.toString()).contains("there are 2 records to put back. Nothing was done.");
        assertThat(run("redrive", "--dry-run")).isZero();
        Matcher told = CONFIRM.matcher(out.toString());
        assertThat(told.find()).as(out.toString()).isTrue();
        assertThat(values(0)).containsExactly("fine", "one");

        assertThat(run("redrive", "--confirm", told.group(1), "--to", told.group(2)))
                .as(err.toString())
                .isZero();
        assertThat(values(0)).containsExactly("fine", "one", "one");
        assertThat(values(1)).containsExactly("two", "late", "two");
        ConsumerRecord<byte[], byte[]> back = records.committed(0).get(2);
        assertThat(back.key()).asString(StandardCharsets.UTF_8).isEqualTo("k-one");
        assertThat(back.headers().lastHeader("tidemark-redriven-from").value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("0:1");

        assertThat(run("redrive", "--confirm", "0")).isZero();
        assertThat(out.toString()).contains("2 were put back before");
        assertThat(values(0)).hasSize(3);
        assertThat(run("count")).isZero();
        assertThat(out.toString()).containsPattern("malformed +1 +1").containsPattern("late +1 +0");
    }

    @Test
    void asksBeforeItPutsBackWhatWasRefusedAgain() throws Exception {
        records.appendRefused(0, "one", RefusalReason.MALFORMED);
        assertThat(run("redrive", "--confirm", "1")).isZero();
        long second = records.committed(0).get(1).offset();
        records.refuse(0, second, RefusalReason.MALFORMED, "one".getBytes(StandardCharsets.UTF_8));

        assertThat(run("redrive", "--dry-run")).isZero();
        assertThat(out.toString()).contains("0 records to put back", "refused again; --again");
        assertThat(run("redrive", "--again", "--confirm", "1")).isZero();
        assertThat(run("redrive", "--again", "--confirm", "0")).isZero();
        assertThat(values(0)).containsExactly("one", "one", "one");
    }

    @Test
    void goesOnAfterOneThatDiedHalfWay() throws Exception {
        records.appendRefused(0, "one", RefusalReason.MALFORMED);
        try (KafkaProducer<byte[], byte[]> dead = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka, "transactional.id", "tidemark-redrive-" + topic),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            dead.initTransactions();
            dead.beginTransaction();
            dead.send(new ProducerRecord<>(topic, 0, null, "one".getBytes(StandardCharsets.UTF_8)))
                    .get();

            assertThat(run("redrive", "--confirm", "1")).as(err.toString()).isZero();
            assertThat(values(0)).containsExactly("one", "one");
            assertThatThrownBy(dead::commitTransaction).isInstanceOf(ProducerFencedException.class);
        }
        assertThat(values(0)).containsExactly("one", "one");
    }

    @Test
    void leavesTheWorkToTheOneThatCameLast() throws Exception {
        for (int i = 0; i < 500; i++) {
            records.appendRefused(0, "r" + i, RefusalReason.MALFORMED);
        }
        Redrive.Choice choice =
                new Redrive.Choice(new DeadLetterLog.Selection(Set.of(), null, null), false, Long.MAX_VALUE);
        try (DeadLetterLog letters = DeadLetterLog.open(kafka, topic);
                Redrive first = Redrive.open(kafka, topic);
                Redrive second = Redrive.open(kafka, topic)) {
            assertThat(second.run(letters, new Redrive.Choice(choice.selection(), false, 300)))
                    .isEqualTo(new Redrive.Outcome(300, 0));
            assertThatThrownBy(() -> first.run(letters, choice)).isInstanceOf(ProducerFencedException.class);
            try (Redrive third = Redrive.open(kafka, topic)) {
                assertThat(third.run(letters, choice)).isEqualTo(new Redrive.Outcome(200, 0));
            }
        }
        assertThat(values(0)).hasSize(1_000);
        assertThat(Set.copyOf(values(0))).hasSize(500);
    }

    @Test
    void saysWhichTopicThereIsNot() {
        assertThat(execute("dead-letters", "count", "--kafka", kafka, "--topic", "nowhere"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("There is no topic nowhere").doesNotContain("Exception");
        assertThat(execute(
                        "dead-letters",
                        "count",
                        "--kafka",
                        kafka,
                        "--source",
                        "edits",
                        "--defs",
                        "../feature-defs/examples/payments"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("There is no source 'edits'. There are: [payments]");
        assertThat(run("list", "--reason", "bad")).isEqualTo(2);
        assertThat(err.toString()).contains("--reason bad is none. There are all, or one or more of malformed");
        assertThat(run("list", "--from", "yesterday")).isEqualTo(2);
        assertThat(err.toString()).contains("--from yesterday is no time");
    }

    private void forgetSource(long before) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(before)))
                    .all()
                    .get();
        }
    }

    private List<String> values(int partition) {
        return records.committed(partition).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private int run(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of("dead-letters", command, "--kafka", kafka, "--topic", topic));
        all.addAll(List.of(arguments));
        return execute(all.toArray(String[]::new));
    }

    private int execute(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = Tidemark.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }
}
