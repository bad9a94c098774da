package dev.tidemark.cli;

import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.kafka.DeadLetterLog;
import dev.tidemark.jobs.kafka.PositionSet;
import dev.tidemark.jobs.kafka.RedriveLog;
import dev.tidemark.jobs.kafka.StoredDeadLetter;
import dev.tidemark.jobs.record.RefusalReason;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        description = "Print dead letters, one a line: position, reason, event time, detail and the record's value.",
        mixinStandardHelpOptions = true)
final class DeadLettersListCommand implements Callable<Integer> {
    @Mixin
    private DeadLetterOptions options = new DeadLetterOptions();

    @Option(names = "--limit", paramLabel = "N", description = "Print no more than this. Default: all.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "--format",
            paramLabel = "text|json",
            defaultValue = "TEXT",
            description = "Text has tabs between the fields; JSON is one object a line. Default: text.")
    private Format format = Format.TEXT;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    enum Format {
        TEXT,
        JSON
    }

    @Override
    public Integer call() throws InvalidDefinitionsException {
        if (limit < 1) {
            throw new UserException("--limit is " + limit + ", but must be at least 1.");
        }
        DeadLetterLog.Selection selection = options.selection();
        String topic = options.topic();
        try (DeadLetterLog letters = options.open()) {
            print(topic, letters, selection, RedriveLog.read(options.kafka(), topic));
        } catch (JobSetupException e) {
            throw new UserException(String.join("\n", e.problems()));
        }
        return 0;
    }

    /** A letter that a restarted job wrote again is printed once. */
    private void print(String topic, DeadLetterLog letters, DeadLetterLog.Selection selection, RedriveLog redrives)
            throws JobSetupException {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, PositionSet> seen = new HashMap<>();
        long[] printed = new long[1];
        letters.forEach(selection, letter -> {
            // Several views may refuse one event for the same reason, each with words of its own.
            String kind =
                    letter.reason().equals(RefusalReason.BEHIND_SETTLED.spelling()) ? letter.detail() : letter.reason();
            if (seen.computeIfAbsent(kind, unseen -> new PositionSet()).add(letter.partition(), letter.offset())) {
                StoredDeadLetter whole = letters.completed(letter);
                out.println(
                        format == Format.TEXT
                                ? DeadLetterText.line(whole)
                                : DeadLetterText.json(topic, whole, redrives.wasRedriven(letter)));
                printed[0]++;
            }
            return printed[0] < limit && !out.checkError();
        });
        out.flush();
        DeadLettersCountCommand.warnOfUnreadable(letters, topic, spec);
    }
}
