package dev.tidemark.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Ways to bring values into one accumulator. The event of a value is the more recent the higher its index. */
final class Trees {
    private Trees() {}

    /** Adds values one by one, in their order. */
    static Accumulator inOrder(AccumulatorType type, List<?> values) {
        Accumulator result = type.create();
        for (int i = 0; i < values.size(); i++) {
            result.add(values.get(i), event(i));
        }
        return result;
    }

    /** Adds values in any order, to any number of accumulators, written and read now and then, and merges those in any order. */
    static Accumulator random(AccumulatorType type, List<?> values, Random random) {
        List<Accumulator> parts = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            if (parts.isEmpty() || random.nextInt(10) == 0) {
                parts.add(type.create());
            }
            parts.get(random.nextInt(parts.size())).add(values.get(i), event(i));
        }
        while (parts.size() > 1) {
            Accumulator from = parts.remove(random.nextInt(parts.size()));
            parts.get(random.nextInt(parts.size())).merge(random.nextBoolean() ? recoded(type, from) : from);
        }
        return parts.isEmpty() ? type.create() : parts.get(0);
    }

    static Accumulator recoded(AccumulatorType type, Accumulator accumulator) {
        try {
            return type.read(new DataInputStream(new ByteArrayInputStream(bytes(accumulator))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(Accumulator accumulator) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            accumulator.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Two events a millisecond, in two partitions. */
    static InputEvent event(int index) {
        return new InputEvent(1_000 + index / 2, index % 2, index, new Object[] {});
    }
}
