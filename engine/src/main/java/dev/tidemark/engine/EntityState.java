package dev.tidemark.engine;

import dev.tidemark.engine.ViewPlan.FeaturePlan;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one entity in one view: two cursors, settled and provisional, over one set of slices. Not safe for use by
 * several threads.
 *
 * <p>The settled cursor steps from change point to change point as the log settles; events that it has passed are folded into
 * slices, and each row it comes by is final. The provisional cursor runs ahead, to the newest event or to the wall clock. It
 * reads the same slices and, one by one, the events that are not in them yet.
 */
public final class EntityState {
    private static final byte FORMAT = 1;

    private final ViewPlan plan;
    private final WindowReader windows;
    private final @Nullable LookingBack lookingBack; // Null if no column does.
    private final Cursor settled;
    private final Cursor provisional;
    private @Nullable FeatureRow current; // Of the provisional cursor, once it was asked for.

    private EntityState(ViewPlan plan) {
        this.plan = plan;
        this.settled = new Cursor(plan);
        this.provisional = new Cursor(plan);
        this.windows = new WindowReader(plan);
        this.lookingBack = plan.looksBack() ? new LookingBack(plan) : null;
    }

    /** The state of an entity that was never seen. */
    public static EntityState create(ViewPlan plan) {
        return new EntityState(plan);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if the bytes are of another plan or another format
     */
    public static EntityState decode(ViewPlan plan, byte[] bytes) {
        ArrayInput input = new ArrayInput(bytes, 0, bytes.length);
        try (DataInputStream in = new DataInputStream(input)) {
            byte format = in.readByte();
            int fingerprint = in.readInt();
            if (format != FORMAT || fingerprint != plan.fingerprint()) {
                throw new IllegalArgumentException("This state was written for another definition of "
                        + plan.view().id() + " or by another version of the engine (format " + format
                        + "). Start the view under a new version.");
            }
            EntityState state = new EntityState(plan);
            state.settled.read(in);
            state.provisional.read(in);
            state.windows.read(state.settled.instant, in, input);
            if (state.lookingBack != null) {
                state.lookingBack.read(in);
            }
            return state;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The state of an entity of " + plan.view().id() + " is damaged.", e);
        }
    }

    /** The whole state: format version, plan, cursors, slices and buffered events. */
    public byte[] encode() {
        ArrayOutput bytes = new ArrayOutput(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeInt(plan.fingerprint());
            settled.write(out);
            provisional.write(out);
            windows.write(out);
            if (lookingBack != null) {
                lookingBack.write(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Adds an event, with what travels with it by {@link EventProjector}, and moves the provisional row to the instant just after it, if it is the newest.
     *
     * @return false if rows that the event would change have been settled already; the event is then not added
     */
    public boolean accept(InputEvent event) {
        long after = event.time() + 1;
        if (after <= settled.instant) {
            return false;
        }
        current = null;
        InputEvent input = lookingBack == null ? event : lookingBack.append(event);
        if (input != null) {
            windows.buffer(input);
            enterBehind(input);
            provisional.lastEventTime = Math.max(provisional.lastEventTime, event.time());
            if (after > provisional.instant) {
                windows.move(provisional, after);
            }
        } else {
            reread(Math.max(after, provisional.instant));
        }
        provisional.validFrom =
                provisional.lastEventTime + 1 == provisional.instant ? provisional.instant : lastChange();
        return true;
    }

    /**
     * Hands over, in order, the rows of all change points up to and including {@code instant} that were not settled before.
     * Their {@code validUntil} is not computed: it is the next row's {@code validFrom}.
     */
    public void settle(long instant, Consumer<FeatureRow> rows) {
        List<@Nullable Object> before = settled.values();
        for (long next = nextSettlement(); next <= instant && next != FeatureRow.NEVER; next = nextSettlement()) {
            advance(next);
            long lastEventTime = settled.lastEventTime;
            windows.move(settled, next);
            windows.fold(next);
            if (lookingBack != null) {
                lookingBack.fold(next);
            }
            List<@Nullable Object> after = settled.values();
            if (settled.lastEventTime != lastEventTime || differ(before, after)) {
                settled.validFrom = next;
                rows.accept(new FeatureRow(after, next, FeatureRow.NEVER, settled.lastEventTime));
            }
            before = after;
        }
    }

    /** Moves the provisional row forward to {@code instant}; an instant it has passed already changes nothing. */
    public void advance(long instant) {
        if (instant <= provisional.instant || provisional.lastEventTime == Cursor.FAR_PAST) {
            return;
        }
        current = null;
        List<@Nullable Object> before = provisional.values();
        for (long next = windows.nextCandidate(provisional.instant);
                next <= instant && next != FeatureRow.NEVER;
                next = windows.nextCandidate(provisional.instant)) {
            windows.move(provisional, next);
            List<@Nullable Object> after = provisional.values();
            if (differ(before, after)) {
                provisional.validFrom = next;
            }
            before = after;
        }
        provisional.instant = Math.max(provisional.instant, instant);
    }

    /**
     * The provisional row: the values at the instant that {@link #accept}, {@link #advance} and {@link #settle} reached.
     *
     * @throws IllegalStateException if no event was accepted yet
     */
    public FeatureRow current() {
        if (provisional.lastEventTime == Cursor.FAR_PAST) {
            throw new IllegalStateException("No event was accepted yet.");
        }
        if (current == null) {
            current = new FeatureRow(
                    provisional.values(),
                    provisional.validFrom,
                    windows.nextChange(provisional),
                    provisional.lastEventTime);
        }
        return current;
    }

    /** How many values of {@link #current} are null because what they stand for, a large sum say, is beyond their type. */
    public int valuesBeyondType() {
        return provisional.beyondType();
    }

    /** The next instant at which {@link #settle} may hand over a row; {@link FeatureRow#NEVER} if only after another event. */
    public long nextSettlement() {
        return windows.nextCandidate(settled.instant);
    }

    /** Sends the provisional cursor over the events again: one came in between, and the columns of later ones look back on it. */
    private void reread(long instant) {
        windows.rebuffer(Objects.requireNonNull(lookingBack).anew());
        provisional.reset(settled);
        windows.move(provisional, instant);
    }

    /** Adds an event to the provisional totals of windows whose head has passed it already. */
    private void enterBehind(InputEvent event) {
        for (int i = 0; i < provisional.totals.length; i++) {
            FeaturePlan feature = plan.features().get(i);
            Object value = event.inputs()[feature.input()];
            if (value == null) {
                continue;
            }
            LanePlan lane = feature.lifetime() ? null : plan.lanes().get(feature.lane());
            long instant = provisional.instant;
            boolean inside = lane == null
                    ? event.time() < instant
                    : event.time() < lane.head(instant) && event.time() >= lane.tail(instant, feature.length());
            if (inside) {
                provisional.totals[i].add(value, event);
            }
        }
    }

    /**
     * The last instant, up to that of the provisional cursor, at which the row changed. Only an event that comes behind a
     * cursor which the clock has moved on makes it necessary to look back.
     */
    private long lastChange() {
        long from = Math.max(provisional.lastEventTime + 1, settled.instant);
        long change = provisional.lastEventTime + 1 >= settled.instant ? from : settled.validFrom;
        List<@Nullable Object> before = windows.valuesAt(from);
        for (long next = windows.nextCandidate(from);
                next <= provisional.instant && next != FeatureRow.NEVER;
                next = windows.nextCandidate(next)) {
            List<@Nullable Object> after = windows.valuesAt(next);
            if (differ(before, after)) {
                change = next;
            }
            before = after;
        }
        return change;
    }

    private static boolean differ(List<@Nullable Object> before, List<@Nullable Object> after) {
        return !ValueEquality.same(before, after);
    }
}
