package dev.tidemark.engine;

import java.util.AbstractList;
import java.util.Collection;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** A list of values that does not change, any of which may be null. */
final class Values extends AbstractList<@Nullable Object> implements RandomAccess {
    private final @Nullable Object[] values;

    private Values(@Nullable Object[] values) {
        this.values = values;
    }

    /** The values as they are now. */
    static Values copyOf(@Nullable Object[] values) {
        return new Values(values.clone());
    }

    /** The same values in a list that does not change. */
    static Values copyOf(Collection<? extends @Nullable Object> values) {
        return values instanceof Values same ? same : new Values(values.toArray());
    }

    @Override
    public @Nullable Object get(int index) {
        return values[index];
    }

    @Override
    public int size() {
        return values.length;
    }
}
