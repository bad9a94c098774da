package dev.tidemark.engine;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** About how many bytes things take in memory: enough to tell large ones from small ones, and cheap to ask for. */
final class Weight {
    /** Of what is made of a few fields, with all that they refer to. */
    static final long SMALL = 100;

    private static final long NUMBER = 16;
    private static final long SAMPLES = 8;

    private Weight() {}

    static long of(@Nullable Object value) {
        if (value == null || value instanceof Boolean) {
            return 0;
        } else if (value instanceof String text) {
            return 40 + text.length();
        } else if (value instanceof byte[] bytes) {
            return 16 + bytes.length;
        } else if (value instanceof BigDecimal) {
            return 40;
        } else if (value instanceof List<?> elements) {
            return 40 + ofMany(elements, element -> 4 + of(element));
        }
        return NUMBER;
    }

    static long of(InputEvent event) {
        long weight = 56;
        for (Object input : event.inputs()) {
            weight += 4 + of(input);
        }
        return weight;
    }

    /** The weight of all items, by that of a few. */
    static <T extends @Nullable Object> long ofMany(List<T> items, ToLongFunction<T> weight) {
        int size = items.size();
        if (size <= SAMPLES) {
            return items.stream().mapToLong(weight).sum();
        }
        long sum = 0;
        for (long i = 1; i <= SAMPLES; i++) {
            sum += weight.applyAsLong(items.get((int) (size * i / SAMPLES) - 1));
        }
        return sum * size / SAMPLES;
    }
}
