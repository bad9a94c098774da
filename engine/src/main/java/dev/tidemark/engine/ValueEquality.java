package dev.tidemark.engine;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether two values are the same, to the last bit and byte, also within lists. */
final class ValueEquality {
    private ValueEquality() {}

    /** Compares two values of the same type, or two lists of values; each may be null, and so may elements of a list. */
    static boolean same(@Nullable Object a, @Nullable Object b) {
        if (a == b) {
            return true;
        } else if (a instanceof Number) {
            return a.equals(b); // Most values are; to see that a number is no list takes longer.
        } else if (a instanceof byte[] left && b instanceof byte[] right) {
            return Arrays.equals(left, right);
        } else if (a instanceof List<?> left && b instanceof List<?> right) {
            boolean same = left.size() == right.size();
            for (int i = 0; same && i < left.size(); i++) {
                same = same(left.get(i), right.get(i));
            }
            return same;
        }
        return a != null && a.equals(b);
    }
}
