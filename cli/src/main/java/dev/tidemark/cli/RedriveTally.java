package dev.tidemark.cli;

import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.kafka.DeadLetterLog;
import dev.tidemark.jobs.kafka.PositionSet;
import dev.tidemark.jobs.kafka.Redrive;
import dev.tidemark.jobs.kafka.RedriveLog;
import dev.tidemark.jobs.kafka.StoredDeadLetter;
import dev.tidemark.jobs.record.RefusalReason;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;

/** What a redrive is about to do, and what it leaves alone. */
final class RedriveTally {
    private final Map<String, Long> chosen = new TreeMap<>();
    private final PositionSet chosenPositions = new PositionSet();
    private final PositionSet done = new PositionSet();
    private final PositionSet refusedAgain = new PositionSet();
    private final PositionSet valueless = new PositionSet();

    private long last = Long.MIN_VALUE;

    private RedriveTally() {}

    /** @throws JobSetupException if the brokers stop answering */
    static RedriveTally of(DeadLetterLog letters, Redrive.Choice choice, RedriveLog log) throws JobSetupException {
        RedriveTally tally = new RedriveTally();
        letters.forEach(choice.selection(), letter -> {
            tally.add(letter, choice, log);
            return tally.chosen() < choice.limit();
        });
        return tally;
    }

    /** How many records are to be put back. */
    long chosen() {
        return chosenPositions.size();
    }

    /** When the last of their letters was written, epoch milliseconds. */
    long last() {
        return last;
    }

    void print(PrintWriter out) {
        chosen.forEach((reason, count) -> out.println(count + " " + reason));
        out.println(chosen() + " records to put back.");
        line(out, done.size(), "were put back before and stay as they are.");
        line(out, refusedAgain.size(), "were put back before and refused again; --again puts them back once more.");
        line(out, valueless.size(), "have no value and are never put back.");
        if (chosen() > 0) {
            out.println(
                    "Each is judged anew where it then stands: what is further behind its partition's newest event than"
                            + " allowed_lateness will be late.");
        }
        if (chosen.containsKey(RefusalReason.LATE.spelling())) {
            out.println("Beware: late events are judged anew and are late again, unless allowed_lateness was raised and"
                    + " the job runs with it.");
        }
        if (chosen.containsKey(RefusalReason.BEHIND_SETTLED.spelling())) {
            out.println(
                    "Beware: an event behind settled rows was refused by one view alone. Put back, it counts once more"
                            + " in the views that took it.");
        }
    }

    private void add(StoredDeadLetter letter, Redrive.Choice choice, RedriveLog log) {
        if (letter.isTombstone()) {
            valueless.add(letter.partition(), letter.offset());
        } else if (log.wasRedriven(letter)) {
            done.add(letter.partition(), letter.offset());
        } else if (!choice.takes(letter, log)) {
            refusedAgain.add(letter.partition(), letter.offset());
        } else if (chosenPositions.add(letter.partition(), letter.offset())) {
            chosen.merge(letter.reason(), 1L, Long::sum);
            last = Math.max(last, letter.refusedAt());
        }
    }

    private static void line(PrintWriter out, long count, String what) {
        if (count > 0) {
            out.println(count + " " + what);
        }
    }
}
