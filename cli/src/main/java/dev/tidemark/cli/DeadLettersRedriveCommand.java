package dev.tidemark.cli;

import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.kafka.ConsumerGroups;
import dev.tidemark.jobs.kafka.DeadLetterLog;
import dev.tidemark.jobs.kafka.Redrive;
import dev.tidemark.jobs.kafka.RedriveLog;
import dev.tidemark.jobs.record.RefusalReason;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "redrive",
        description = "Put refused records back at the end of the source's topic, each once. Try --dry-run first.",
        mixinStandardHelpOptions = true)
final class DeadLettersRedriveCommand implements Callable<Integer> {
    /** What a fix of the definitions or of Tidemark can make an event of, and of which no view has counted anything yet. */
    private static final Set<String> MENDABLE = Arrays.stream(RefusalReason.values())
            .filter(reason -> reason != RefusalReason.LATE && reason != RefusalReason.BEHIND_SETTLED)
            .map(RefusalReason::spelling)
            .collect(Collectors.toSet());

    /** What hangs on the views of the job that refused the record: another job may have counted it already. */
    private static final Set<String> OF_ONE_JOB =
            Set.of(RefusalReason.MISSING_KEY.spelling(), RefusalReason.KEY_TOO_LONG.spelling());

    @Mixin
    private DeadLetterOptions options = new DeadLetterOptions();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Put back no more than this, the oldest letters of each partition first. Default: all.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--dry-run", description = "Only say what would be put back.")
    private boolean dryRun;

    @Option(
            names = "--confirm",
            paramLabel = "N",
            description = "How many records the dry run counted. With another number now, nothing is put back.")
    private @Nullable Long confirmed;

    @Option(names = "--again", description = "Also records that were put back before and were refused again.")
    private boolean again;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InvalidDefinitionsException {
        if (limit < 1) {
            throw new UserException("--limit is " + limit + ", but must be at least 1.");
        } else if (!dryRun && confirmed == null) {
            throw new UserException(
                    "How many records? Run it with --dry-run first and give the number as --confirm N.");
        }
        String topic = options.topic();
        DeadLetterLog.Selection asked = options.selection(MENDABLE);
        try (DeadLetterLog letters = options.open()) {
            Redrive.Choice choice = new Redrive.Choice(withoutCounted(asked, topic), again, limit);
            return dryRun ? preview(letters, choice, topic) : redrive(letters, choice, topic);
        } catch (JobSetupException e) {
            throw new UserException(String.join("\n", e.problems()));
        }
    }

    /** Where several jobs read the topic, what only one of them may have refused stays out, unless it was named. */
    private DeadLetterLog.Selection withoutCounted(DeadLetterLog.Selection asked, String topic)
            throws JobSetupException {
        if (!asked.reasons().isEmpty() && Collections.disjoint(asked.reasons(), OF_ONE_JOB)) {
            return asked;
        }
        List<List<String>> jobs = ConsumerGroups.reading(options.kafka(), topic);
        if (jobs.size() < 2) {
            return asked;
        }
        String several = "Beware: several jobs have read the topic " + topic + ", those of "
                + jobs.stream().map(views -> String.join(", ", views)).collect(Collectors.joining("; of "))
                + ". What one of them refused as missing_key or key_too_long, another may have counted; put back, it counts"
                + " there once more.";
        PrintWriter err = spec.commandLine().getErr();
        if (options.namesReasons()) {
            err.println(several);
            return asked;
        }
        err.println(several + " So both stay out unless --reason names them.");
        Set<String> rest = new TreeSet<>(asked.reasons());
        rest.removeAll(OF_ONE_JOB);
        return new DeadLetterLog.Selection(rest, asked.from(), asked.to());
    }

    private int preview(DeadLetterLog letters, Redrive.Choice choice, String topic) throws JobSetupException {
        RedriveTally tally = RedriveTally.of(letters, choice, RedriveLog.read(options.kafka(), topic));
        PrintWriter out = spec.commandLine().getOut();
        tally.print(out);
        if (!options.namesReasons()) {
            out.println("Events that were late or behind settled rows stay out unless --reason names them.");
        }
        DeadLettersCountCommand.warnOfUnreadable(letters, topic, spec);
        if (tally.chosen() > 0) {
            out.println(
                    "To put them back, repeat the command with --confirm " + tally.chosen() + " in place of --dry-run"
                            + (options.hasEnd()
                                    ? "."
                                    : " and --to " + Instant.ofEpochMilli(tally.last() + 1)
                                            + ", so that none joins them meanwhile."));
        }
        out.flush();
        return 0;
    }

    private int redrive(DeadLetterLog letters, Redrive.Choice choice, String topic) throws JobSetupException {
        PrintWriter out = spec.commandLine().getOut();
        try (Redrive redrive = Redrive.open(options.kafka(), topic)) {
            RedriveTally tally = RedriveTally.of(letters, choice, redrive.log());
            tally.print(out);
            if (confirmed == null || tally.chosen() != confirmed) {
                throw new UserException("--confirm says " + confirmed + ", but there are " + tally.chosen()
                        + " records to put back. Nothing was done. Look again with --dry-run.");
            }
            Redrive.Outcome outcome = redrive.run(letters, choice);
            out.println("Put back " + outcome.redriven() + " records into the topic " + topic + ".");
            if (outcome.gone() > 0) {
                spec.commandLine()
                        .getErr()
                        .println(outcome.gone() + " records could not be put back: neither their letters nor the topic "
                                + topic + " hold all of their bytes any more.");
            }
            return outcome.gone() > 0 ? Failures.FAILED : 0;
        } catch (ProducerFencedException e) {
            throw new ClusterException(
                    "Another redrive of the topic " + topic
                            + " began meanwhile, and goes on alone. What this one had put back stays, and is not put back twice.");
        } catch (KafkaException e) {
            throw new ClusterException("Kafka did not take the records: " + e.getMessage()
                    + " What was put back stays; repeat the command for the rest, none is put back twice.");
        } finally {
            out.flush();
        }
    }
}
