package dev.tidemark.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
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
    private static final byte FORMAT = 3;

    private static final long UNKNOWN = Long.MIN_VALUE;

    private final ViewPlan plan;
    private WindowReader windows;
    private @Nullable LookingBack lookingBack; // Null if no column does.
    private final boolean needsOrder;
    private Cursor settled;
    private Cursor provisional;
    private Past past;
    private long nextChangePoint = UNKNOWN; // Of the settled cursor, once it was looked for.
    private @Nullable FeatureRow current; // Of the provisional cursor, once it was asked for.
    private long ahead = Cursor.FAR_PAST; // Where the provisional cursor has to go before it is looked at.
    private boolean changed; // Whether that row may be another than when this was last asked.
    private LogPosition position = LogPosition.NONE;
    private int newestPartition = -1; // With its offset, which the position is yet to be told.
    private long newestOffset;
    private int encodedSize = 512; // When it was last read or written: it will hardly be another now.

    private EntityState(ViewPlan plan) {
        this.plan = plan;
        this.windows = new WindowReader(plan);
        this.settled = windows.cursor();
        this.provisional = windows.cursor();
        this.past = new Past(plan);
        this.needsOrder = plan.needsOrder();
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
        ArrayInput in = new ArrayInput(bytes, 0, bytes.length);
        try {
            byte format = in.readByte();
            int fingerprint = in.readInt();
            if (format != FORMAT || fingerprint != plan.fingerprint()) {
                throw new IllegalArgumentException("This state was written for another definition of "
                        + plan.view().id() + " or by another version of the engine (format " + format
                        + "). Start the view under a new version.");
            }
            EntityState state = new EntityState(plan);
            state.encodedSize = bytes.length;
            boolean level = in.readBoolean();
            state.settled.read(in);
            if (level) {
                state.provisional.set(state.settled);
            } else {
                state.provisional.read(in);
            }
            state.position = LogPosition.read(in);
            state.past.read(in);
            state.windows.read(state.settled.instant, in);
            if (state.lookingBack != null) {
                state.lookingBack.read(in);
            }
            return state;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The state of an entity of " + plan.view().id() + " is damaged.", e);
        }
    }

    /** The fingerprint of the plan by which a state was written. */
    static int fingerprint(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getInt(Byte.BYTES);
    }

    /** This entity by another plan. What that has in common with this one's is taken over, and this is of no use after. */
    EntityState migrated(Migration migration) {
        catchUp();
        EntityState other = new EntityState(migration.to());
        other.windows.takeOver(windows, migration);
        other.settled.takeOver(settled, other.windows, migration);
        other.provisional.takeOver(provisional, other.windows, migration);
        other.past.takeOver(past, migration);
        if (other.lookingBack != null && lookingBack != null) {
            other.lookingBack.takeOver(lookingBack, migration);
        }
        other.position = position();
        other.changed = true;
        // The clock may have passed instants at which features that are new change.
        other.provisional.validFrom = other.lastChange();
        return other;
    }

    /** The whole state: format version, plan, cursors, slices and buffered events. */
    public byte[] encode() {
        catchUp();
        ArrayOutput out = new ArrayOutput(encodedSize + encodedSize / 8);
        try {
            out.writeByte(FORMAT);
            out.writeInt(plan.fingerprint());
            // At one instant both have the same totals: the provisional cursor has passed every event that is buffered.
            boolean level = provisional.instant == settled.instant;
            out.writeBoolean(level);
            settled.write(out);
            if (!level) {
                provisional.write(out);
            }
            position().write(out);
            past.write(out);
            windows.write(out);
            if (lookingBack != null) {
                lookingBack.write(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] bytes = out.toByteArray();
        encodedSize = bytes.length;
        return bytes;
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
        nextChangePoint = UNKNOWN;
        current = null;
        changed = true;
        remember(event);
        InputEvent input = lookingBack == null ? event : lookingBack.append(event);
        boolean inOrder = windows.isNewest(event);
        if (input != null && !inOrder && needsOrder) {
            windows.buffer(input);
            restart(Math.max(after, Math.max(ahead, provisional.instant)));
        } else if (input != null) {
            windows.buffer(input);
            if (after > provisional.instant) {
                ahead = Math.max(ahead, after);
                return true;
            }
            enterBehind(input);
            provisional.lastEventTime = Math.max(provisional.lastEventTime, event.time());
        } else {
            reread(Math.max(after, Math.max(ahead, provisional.instant)));
        }
        provisional.validFrom =
                provisional.lastEventTime + 1 == provisional.instant ? provisional.instant : lastChange();
        return true;
    }

    /** Takes in the newest events, which were only put down when they were accepted: several at once cost less. */
    private void catchUp() {
        if (ahead > provisional.instant) {
            windows.move(provisional, ahead);
            provisional.validFrom = ahead;
        }
    }

    /**
     * Adds an event that {@link #accept} refused, and hands over what it changes in rows that were settled before. The entity is taken
     * back to the event, and settled again with it and without it.
     *
     * @return false if the event is too far behind: the event is then not added
     */
    public boolean correct(InputEvent event, HistoryChanges changes) {
        long instant =
                plan.every() == 0 ? event.time() : Math.floorDiv(event.time() + 1, plan.every()) * plan.every() - 1;
        boolean known = past.isComplete()
                || past.reaches(instant - plan.maxOffset())
                        && instant >= settled.instant - plan.remembered() + plan.maxOffset();
        if (!known || instant < plan.correctedFrom()) {
            return false;
        }
        catchUp();
        SortedMap<Long, FeatureRow> before = new TreeMap<>();
        rewound(instant).settle(endOfInterval(settled.instant), row -> before.put(row.validFrom(), row));
        EntityState corrected = rewound(instant);
        corrected.accept(event);
        corrected.settle(endOfInterval(settled.instant), row -> {
            FeatureRow old = before.remove(row.validFrom());
            if (old == null || !row.sameContent(old)) {
                changes.write(row);
            }
        });
        before.keySet().forEach(changes::remove);
        become(corrected, event);
        return true;
    }

    /** This entity as it was at an instant, but that it has accepted what was settled since. */
    private EntityState rewound(long instant) {
        EntityState state = new EntityState(plan);
        state.past = copy(past);
        List<InputEvent> later = state.past.cut(instant);
        ColumnMemory memory = state.past.memory().copy();
        state.windows.rewind(windows, instant, state.past, memory, state.settled);
        if (state.lookingBack != null) {
            state.lookingBack.rewind(memory);
        }
        state.provisional.set(state.settled);
        later.forEach(state::accept);
        return state;
    }

    private Past copy(Past other) {
        ArrayOutput out = new ArrayOutput(512);
        Past copy = new Past(plan);
        try {
            other.write(out);
            byte[] bytes = out.toByteArray();
            copy.read(new ArrayInput(bytes, 0, bytes.length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return copy;
    }

    /** Goes on as another state of this entity, which has yet to accept what this one has not settled. */
    private void become(EntityState other, InputEvent event) {
        EventBuffer events = unsettled();
        for (int i = events.indexOf(settled.instant); i < events.size(); i++) {
            other.accept(events.get(i));
        }
        other.advance(provisional.instant);
        remember(event);
        windows = other.windows;
        settled = other.settled;
        provisional = other.provisional;
        ahead = other.ahead;
        past = other.past;
        lookingBack = other.lookingBack;
        takeNotFinite(); // The corrected state has settled events a second time.
        nextChangePoint = UNKNOWN;
        current = null;
        changed = true;
    }

    /** The events that are not settled, and maybe some that are, as they came. */
    private EventBuffer unsettled() {
        return lookingBack == null ? windows.buffer() : lookingBack.events();
    }

    /** The last instant of an interval of which only the last row is kept; the instant itself where all rows are. */
    private long endOfInterval(long instant) {
        long every = plan.every();
        return every == 0 || instant == FeatureRow.NEVER ? instant : (Math.floorDiv(instant, every) + 1) * every - 1;
    }

    /**
     * Hands over, in order, the rows of all change points up to and including {@code instant} that were not settled before. Of a view that
     * keeps only the last row of an interval it settles whole intervals.
     * Their {@code validUntil} is not computed: it is the next row's {@code validFrom}.
     */
    public void settle(long instant, Consumer<FeatureRow> rows) {
        long every = plan.every();
        long limit = every == 0 || instant == FeatureRow.NEVER ? instant : endOfInterval(instant + 1 - every);
        FeatureRow held = null;
        for (long next = nextChangePoint(); next <= limit && next != FeatureRow.NEVER; next = nextChangePoint()) {
            FeatureRow row = settleNext(next);
            if (row == null) {
                continue;
            } else if (held != null
                    && (every == 0 || Math.floorDiv(next, every) != Math.floorDiv(held.validFrom(), every))) {
                rows.accept(held);
            }
            held = row;
        }
        if (held != null) {
            rows.accept(held);
        }
        long end = endOfInterval(settled.instant);
        if (settled.lastEventTime != Cursor.FAR_PAST && settled.instant < end && end <= limit) {
            settleNext(end); // Whatever still comes for the interval of the last row is a correction.
        }
    }

    /** Settles one instant; null if nothing changes there. */
    private @Nullable FeatureRow settleNext(long instant) {
        nextChangePoint = UNKNOWN;
        settled.refresh();
        advance(instant);
        long lastEventTime = settled.lastEventTime;
        EventBuffer events = unsettled();
        for (int i = events.indexOf(settled.instant);
                i < events.size() && events.get(i).time() < instant;
                i++) {
            past.add(events.get(i));
        }
        windows.move(settled, instant);
        windows.fold(instant);
        if (lookingBack != null) {
            lookingBack.fold(instant);
        }
        past.forget(instant - plan.remembered());
        if (!settled.refresh() && settled.lastEventTime == lastEventTime) {
            return null;
        }
        settled.validFrom = instant;
        return new FeatureRow(settled.values(), instant, FeatureRow.NEVER, settled.lastEventTime);
    }

    /** Moves the provisional row forward to {@code instant}; an instant it has passed already changes nothing. */
    public void advance(long instant) {
        catchUp();
        if (instant <= provisional.instant || provisional.lastEventTime == Cursor.FAR_PAST) {
            return;
        }
        current = null;
        provisional.refresh();
        for (long next = windows.nextCandidate(provisional);
                next <= instant && next != FeatureRow.NEVER;
                next = windows.nextCandidate(provisional)) {
            windows.move(provisional, next);
            if (provisional.refresh()) {
                provisional.validFrom = next;
                changed = true;
            }
        }
        if (instant > provisional.instant) {
            windows.skip(provisional, instant);
        }
    }

    /**
     * The provisional row: the values at the instant that {@link #accept}, {@link #advance} and {@link #settle} reached.
     *
     * @throws IllegalStateException if no event was accepted yet
     */
    public FeatureRow current() {
        catchUp();
        if (provisional.lastEventTime == Cursor.FAR_PAST) {
            throw new IllegalStateException("No event was accepted yet.");
        }
        if (current == null) {
            current = new FeatureRow(
                    provisional.values(),
                    provisional.validFrom,
                    changes().nextChange(provisional),
                    provisional.lastEventTime);
        }
        return current;
    }

    /** Whether {@link #current} may be another row than when this was asked last, or than when the state was read. */
    public boolean takeChanged() {
        boolean result = changed;
        changed = false;
        return result;
    }

    /** Which events were accepted: the greatest offset of each partition. */
    public LogPosition position() {
        if (newestPartition >= 0) {
            position = position.with(newestPartition, newestOffset);
            newestPartition = -1;
        }
        return position;
    }

    private void remember(InputEvent event) {
        if (event.partition() != newestPartition) {
            position();
            newestPartition = event.partition();
            newestOffset = event.offset();
        } else {
            newestOffset = Math.max(newestOffset, event.offset());
        }
    }

    /** About how many bytes the state takes in memory. */
    public long weight() {
        return 5 * Weight.SMALL
                + windows.weight()
                + settled.weight()
                + provisional.weight()
                + past.weight()
                + (lookingBack == null ? 0 : lookingBack.weight());
    }

    /** How many values of {@link #current} are null because what they stand for, a large sum say, is beyond their type. */
    public int valuesBeyondType() {
        catchUp();
        return provisional.beyondType();
    }

    /**
     * How many values of columns were NaN or infinite, and were taken as null, in events that were settled since this was last asked.
     * Only where columns look back: otherwise {@link EventProjector} tells of all.
     */
    public int takeNotFinite() {
        return lookingBack == null ? 0 : lookingBack.takeNotFinite();
    }

    /** The next instant at which {@link #settle} may hand over a row; {@link FeatureRow#NEVER} if only after another event. */
    public long nextSettlement() {
        return endOfInterval(nextChangePoint()); // The interval of that row has to be over.
    }

    /** Whether no event was accepted yet. */
    public boolean isUnknown() {
        return provisional.lastEventTime == Cursor.FAR_PAST && ahead == Cursor.FAR_PAST;
    }

    /**
     * The settled instant at which the entity may be forgotten, for it is as if it had never been seen, and no row of it can be
     * corrected any more; {@link FeatureRow#NEVER} if not without another event or settlement.
     */
    public long forgetAt() {
        boolean over = plan.forgets()
                && !isUnknown()
                && nextChangePoint() == FeatureRow.NEVER
                && provisional.instant >= settled.instant;
        return over ? settled.instant + plan.remembered() + 1 : FeatureRow.NEVER;
    }

    private long nextChangePoint() {
        if (nextChangePoint == UNKNOWN) {
            nextChangePoint = windows.nextCandidate(settled);
        }
        return nextChangePoint;
    }

    /** Sends the provisional cursor over the events again: one came in between, and the columns of later ones look back on it. */
    private void reread(long instant) {
        windows.rebuffer(Objects.requireNonNull(lookingBack).anew());
        restart(instant);
    }

    private void restart(long instant) {
        ahead = instant;
        provisional.set(settled);
        windows.move(provisional, instant);
    }

    /** Adds an event to the provisional totals of windows whose head has passed it already. */
    private void enterBehind(InputEvent event) {
        for (WindowTotal window : provisional.windows) {
            if (event.time() < window.plan.head(provisional.instant) && event.time() >= window.tail) {
                window.add(event);
            }
        }
    }

    /**
     * The last instant, up to that of the provisional cursor, at which the row changed. Only an event that comes behind a
     * cursor which the clock has moved on makes it necessary to look back.
     */
    private long lastChange() {
        boolean sinceTheEvent = provisional.lastEventTime + 1 >= settled.instant;
        long from = sinceTheEvent ? provisional.lastEventTime + 1 : settled.instant;
        long change = changes().lastChange(provisional, from);
        return change == from && !sinceTheEvent ? settled.validFrom : change;
    }

    private ChangeSearch changes() {
        return new ChangeSearch(plan, windows);
    }
}
