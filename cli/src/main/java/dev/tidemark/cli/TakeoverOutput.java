package dev.tidemark.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.jobs.audit.Agreement;
import dev.tidemark.jobs.takeover.JobProgress;
import dev.tidemark.stores.Takeover;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a takeover says, for a person; or its certificate as JSON, with all else beside it. */
final class TakeoverOutput {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final boolean json;
    private final PrintWriter out;
    private final PrintWriter notes;

    TakeoverOutput(boolean json, PrintWriter out, PrintWriter err) {
        this.json = json;
        this.out = out;
        this.notes = json ? err : out;
    }

    void begin(FeatureView from, FeatureView to) {
        note("Takeover from " + from.id() + " to " + to.id() + ".");
    }

    void note(String text) {
        notes.println(text);
        notes.flush();
    }

    ProgressBar progress(long total, long done, long nanos) {
        return new ProgressBar(notes, ProgressBar.onTerminal(), total, done, nanos);
    }

    AuditOutput audit() {
        return AuditOutput.of(json, out);
    }

    void refusal(String text) {
        note("Refused: " + text);
    }

    /** @param state null if it is not known */
    void forced(FeatureView to, JobProgress.@Nullable State state) {
        note("FORCED: nothing is compared. "
                + (state == null ? "How far its job has come is not known." : howFar(to, state)));
    }

    void behind(FeatureView to, JobProgress.State state) {
        refusal(howFar(to, state) + " Is its job running? If it is, wait longer with --timeout; if not, start it"
                + " again. --force takes over as it is.");
    }

    private static String howFar(FeatureView view, JobProgress.State state) {
        if (state.views().isEmpty()) {
            return "No job of " + view.id() + " has taken a checkpoint yet; the log has "
                    + String.format(Locale.ROOT, "%,d offsets.", state.total());
        } else if (state.caughtUp()) {
            return "The job of " + view.id() + " has read the log to its end.";
        }
        return String.format(
                Locale.ROOT,
                "%s is STALE: its job is %,d of %,d offsets behind the end of the log.",
                view.id(),
                state.behind(),
                state.total());
    }

    void agreement(FeatureView one, FeatureView other, Agreement agreement) {
        if (agreement.features().isEmpty()) {
            note(one.id() + " and " + other.id() + " define no feature the same.");
        } else {
            note(one.id() + " and " + other.id() + " define "
                    + agreement.features().size() + " features the same: values=" + agreement.values() + " differing="
                    + agreement.differing());
        }
    }

    void certificate(Takeover takeover) {
        out.println(json ? object(takeover) : text(takeover));
        out.flush();
    }

    private static String text(Takeover takeover) {
        StringBuilder text = new StringBuilder();
        text.append("certificate ").append(takeover.number()).append(": ").append(takeover.view());
        text.append('@').append(takeover.from()).append(" -> ").append(takeover.view());
        text.append('@')
                .append(takeover.to())
                .append(" at ")
                .append(takeover.at())
                .append(" by ");
        text.append(takeover.by());
        Takeover.Proof proof = takeover.proof();
        if (proof == null) {
            return text.append("%nforced: nothing was compared".formatted()).toString();
        }
        proof.sortedOffsets().forEach((topic, offsets) -> text.append("%nlog %s up to %s".formatted(topic, offsets)));
        text.append("%nentities=%s events=%s unsettled=%s seed=%s"
                .formatted(proof.entities(), proof.events(), proof.unsettled(), proof.seed()));
        return text.append("%nrows=%s mismatches=%s".formatted(proof.rows(), proof.mismatches()))
                .toString();
    }

    private static ObjectNode object(Takeover takeover) {
        ObjectNode node = JSON.createObjectNode()
                .put("certificate", takeover.number())
                .put("view", takeover.view())
                .put("from", takeover.from())
                .put("to", takeover.to())
                .put("at", takeover.at().toString())
                .put("by", takeover.by())
                .put("forced", takeover.proof() == null);
        Takeover.Proof proof = takeover.proof();
        if (proof != null) {
            ObjectNode offsets = node.putObject("offsets");
            proof.sortedOffsets().forEach(offsets::put);
            node.put("entities", proof.entities())
                    .put("events", proof.events())
                    .put("rows", proof.rows())
                    .put("mismatches", proof.mismatches())
                    .put("unsettled", proof.unsettled())
                    .put("seed", proof.seed());
        }
        return node;
    }
}
