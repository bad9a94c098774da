package dev.tidemark.cli;

import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.kafka.DeadLetterLog;
import dev.tidemark.jobs.kafka.DeadLetterTopics;
import dev.tidemark.jobs.kafka.PositionSet;
import dev.tidemark.jobs.kafka.RedriveLog;
import dev.tidemark.jobs.kafka.StoredDeadLetter;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "count",
        description = "How many records were refused, by reason, and how many of them were put back.",
        mixinStandardHelpOptions = true)
final class DeadLettersCountCommand implements Callable<Integer> {
    private static final String LINE = "%-16s  %12s  %12s  %-24s  %s%n";

    @Mixin
    private DeadLetterOptions options = new DeadLetterOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InvalidDefinitionsException {
        DeadLetterLog.Selection selection = options.selection();
        String topic = options.topic();
        try (DeadLetterLog letters = options.open()) {
            RedriveLog redrives = RedriveLog.read(options.kafka(), topic);
            Map<String, Count> counts = new TreeMap<>();
            letters.forEach(selection, letter -> {
                counts.computeIfAbsent(letter.reason(), unseen -> new Count()).add(letter, redrives);
                return true;
            });
            print(counts);
            warnOfUnreadable(letters, topic, spec);
        } catch (JobSetupException e) {
            throw new UserException(String.join("\n", e.problems()));
        }
        return 0;
    }

    private void print(Map<String, Count> counts) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(LINE, "REASON", "RECORDS", "RE-DRIVEN", "FIRST REFUSED", "LAST REFUSED");
        long records = 0;
        long redriven = 0;
        for (Map.Entry<String, Count> count : counts.entrySet()) {
            Count of = count.getValue();
            out.printf(
                    LINE,
                    count.getKey(),
                    of.seen.size(),
                    of.redriven,
                    CsvText.instant(of.first),
                    CsvText.instant(of.last));
            records += of.seen.size();
            redriven += of.redriven;
        }
        out.printf(LINE, "total", records, redriven, "", "");
        out.flush();
    }

    static void warnOfUnreadable(DeadLetterLog letters, String topic, CommandSpec spec) {
        if (letters.unreadable() > 0) {
            spec.commandLine()
                    .getErr()
                    .println(letters.unreadable() + " records of the topic " + DeadLetterTopics.of(topic)
                            + " are no dead letters; somebody else wrote them. They were passed over.");
        }
    }

    /** Of one reason. A record counts once, however often a restarted job wrote its letter. */
    private static final class Count {
        private final PositionSet seen = new PositionSet();
        private long redriven;
        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;

        void add(StoredDeadLetter letter, RedriveLog redrives) {
            first = Math.min(first, letter.refusedAt());
            last = Math.max(last, letter.refusedAt());
            if (seen.add(letter.partition(), letter.offset()) && redrives.wasRedriven(letter)) {
                redriven++;
            }
        }
    }
}
