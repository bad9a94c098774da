package dev.tidemark.engine;

import java.util.Arrays;

/**
 * The order of values of one type: numbers and timestamps by size, strings by code point, false before true, bytes by the first
 * that differs, without sign.
 */
public final class ValueOrder {
    private ValueOrder() {}

    /**
     * Compares two values of the same type, as a {@link java.util.Comparator} does; -0.0 is less than 0.0.
     *
     * @throws IllegalArgumentException if values of their type have no order
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    public static int compare(Object a, Object b) {
        if (a instanceof Double left && b instanceof Double right) {
            return Double.compare(left, right);
        } else if (a instanceof Long left && b instanceof Long right) {
            return Long.compare(left, right);
        } else if (a instanceof String left && b instanceof String right) {
            return compareCodePoints(left, right);
        } else if (a instanceof byte[] left && b instanceof byte[] right) {
            return Arrays.compareUnsigned(left, right);
        } else if (a instanceof Comparable left && a.getClass() == b.getClass()) {
            return left.compareTo(b);
        }
        throw new IllegalArgumentException("Values of " + a.getClass().getSimpleName() + " and "
                + b.getClass().getSimpleName() + " have no order.");
    }

    /** The order of the strings' UTF-8 bytes, which unlike that of their UTF-16 units is the same in every language. */
    private static int compareCodePoints(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char left = a.charAt(i);
            char right = b.charAt(i);
            if (left != right) {
                // Surrogates stand for code points above all others.
                return Character.isSurrogate(left) == Character.isSurrogate(right)
                        ? Character.compare(left, right)
                        : Boolean.compare(Character.isSurrogate(left), Character.isSurrogate(right));
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
