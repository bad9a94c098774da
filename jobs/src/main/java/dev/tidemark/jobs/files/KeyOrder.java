package dev.tidemark.jobs.files;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Orders entities by their join keys: numbers by value, strings by code point (which is the order of their UTF-8 bytes). */
final class KeyOrder implements Comparator<List<Object>> {
    @Override
    public int compare(List<Object> left, List<Object> right) {
        int order = 0;
        for (int i = 0; i < left.size() && order == 0; i++) {
            order = compareValues(left.get(i), right.get(i));
        }
        return order;
    }

    private static int compareValues(Object left, Object right) {
        if (left instanceof String text) {
            return compareTexts(text, (String) right);
        } else if (left instanceof Long number) {
            return number.compareTo((Long) right);
        } else if (left instanceof Boolean flag) {
            return flag.compareTo((Boolean) right);
        } else if (left instanceof Instant instant) {
            return instant.compareTo((Instant) right);
        }
        throw new IllegalArgumentException("No join key has a value like " + left);
    }

    /** Unlike {@code String.compareTo}, which puts half of a surrogate pair before U+E000. */
    private static int compareTexts(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                int order = Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
                return order == 0 ? Character.compare(a, b) : order;
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
