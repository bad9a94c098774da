package dev.tidemark.engine;

import dev.tidemark.defs.DataType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How often each value occurs, and what is made of that.
 *
 * <p>Beyond {@value #MOST_VALUES} different values, or {@value #MOST_CHARACTERS} characters and bytes in them, it keeps none and
 * has no value. Whether a set of events is beyond that depends on the set alone; when events leave, the caller aggregates the
 * others anew, and so the value comes back exactly when it may.
 */
final class Distribution implements Accumulator {
    static final int MOST_VALUES = 100_000;
    static final int MOST_CHARACTERS = 4_194_304;

    /** What the tree takes for a value, and its count. */
    private static final long ENTRY = 56;

    private static final Comparator<Object> BY_VALUE = ValueOrder::compare;
    private static final Comparator<Map.Entry<Object, Long>> MOST_FREQUENT_FIRST =
            Map.Entry.<Object, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey(BY_VALUE));

    private final DataType type;
    private final Function<Distribution, @Nullable Object> result;
    private final TreeMap<Object, Long> counts = new TreeMap<>(BY_VALUE);
    private long characters;
    private boolean beyond;

    /**
     * No values.
     *
     * @param result what is made of the counts; not asked if there are too many
     */
    Distribution(DataType type, Function<Distribution, @Nullable Object> result) {
        this.type = type;
        this.result = result;
    }

    /** Replaces what is in it by what {@link #write} wrote. */
    Distribution read(DataInput in) throws IOException {
        clear();
        beyond = in.readBoolean();
        int size = Math.toIntExact(ValueCodec.readVarLong(in));
        for (int i = 0; i < size; i++) {
            add(ValueCodec.read(type, in), ValueCodec.readVarLong(in));
        }
        return this;
    }

    /** How many different values there are. */
    int distinct() {
        return counts.size();
    }

    /** How many values there are in all. */
    long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The most frequent values with their counts, most frequent first, equally frequent ones by {@link ValueOrder}. */
    List<Map.Entry<Object, Long>> mostFrequent(int most) {
        PriorityQueue<Map.Entry<Object, Long>> kept = new PriorityQueue<>(MOST_FREQUENT_FIRST.reversed());
        for (Map.Entry<Object, Long> entry : counts.entrySet()) {
            kept.add(entry);
            if (kept.size() > most) {
                kept.remove();
            }
        }
        List<Map.Entry<Object, Long>> ordered = new ArrayList<>(kept);
        ordered.sort(MOST_FREQUENT_FIRST);
        return ordered;
    }

    /** The most frequent values without their counts; null if there are none. */
    @Nullable
    List<Object> top(int most) {
        return counts.isEmpty()
                ? null
                : mostFrequent(most).stream().map(Map.Entry::getKey).toList();
    }

    @Override
    public void add(Object value, InputEvent event) {
        add(value, 1);
    }

    @Override
    public void merge(Accumulator other) {
        Distribution that = (Distribution) other;
        if (that.beyond) {
            clear();
            beyond = true;
        } else if (!beyond && counts.isEmpty()) {
            counts.putAll(that.counts); // Takes linear time, as both are in the same order.
            characters = that.characters;
        } else {
            that.counts.forEach(this::add);
        }
    }

    @Override
    public boolean remove(Accumulator oldest) {
        Distribution that = (Distribution) oldest;
        if (beyond) {
            return that.isEmpty();
        }
        that.counts.forEach((value, times) -> {
            if (counts.merge(value, -times, Long::sum) == 0) {
                counts.remove(value);
                characters -= characters(value);
            }
        });
        return true;
    }

    private void add(Object value, long times) {
        if (beyond || counts.merge(value, times, Long::sum) > times) {
            return;
        }
        characters += characters(value);
        if (counts.size() > MOST_VALUES || characters > MOST_CHARACTERS) {
            clear();
            beyond = true;
        }
    }

    private void clear() {
        counts.clear();
        characters = 0;
        beyond = false;
    }

    private static int characters(Object value) {
        return value instanceof String text ? text.length() : value instanceof byte[] bytes ? bytes.length : 0;
    }

    @Override
    public boolean isEmpty() {
        return counts.isEmpty() && !beyond;
    }

    @Override
    public @Nullable Object value() {
        return beyond ? null : result.apply(this);
    }

    /** What a value takes beside its characters: by one of them, as all are of one type. */
    private long valueWeight() {
        return counts.isEmpty() ? 0 : Weight.of(counts.firstKey()) - characters(counts.firstKey());
    }

    @Override
    public long weight() {
        return 2 * Weight.SMALL + counts.size() * (ENTRY + valueWeight()) + characters;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeBoolean(beyond);
        ValueCodec.writeVarLong(counts.size(), out);
        for (Map.Entry<Object, Long> entry : counts.entrySet()) {
            ValueCodec.write(type, entry.getKey(), out);
            ValueCodec.writeVarLong(entry.getValue(), out);
        }
    }
}
