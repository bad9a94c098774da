package dev.tidemark.engine;

import dev.tidemark.defs.Column;
import dev.tidemark.defs.DataType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the columns that look back remember of the entity's events so far. Mutable; not safe for use by several threads. */
final class ColumnMemory {
    private final List<Column> columns;
    private final Map<String, @Nullable Object> remembered;

    private ColumnMemory(List<Column> columns, Map<String, @Nullable Object> remembered) {
        this.columns = columns;
        this.remembered = remembered;
    }

    /** The memory before the first event. */
    static ColumnMemory empty(List<Column> columns) {
        return new ColumnMemory(lookingBack(columns), new HashMap<>());
    }

    /** The columns that look back, of those given. */
    static List<Column> lookingBack(List<Column> columns) {
        return columns.stream()
                .filter(column -> !(column instanceof Column.Computed))
                .toList();
    }

    ColumnMemory copy() {
        return new ColumnMemory(columns, new HashMap<>(remembered));
    }

    void set(ColumnMemory other) {
        remembered.clear();
        remembered.putAll(other.remembered);
    }

    /**
     * The value of a column at the entity's next event, which it then remembers.
     *
     * @param values the columns before it, by name
     */
    @Nullable
    Object next(Column column, Map<String, @Nullable Object> values) {
        Object before = remembered.get(column.name());
        if (column instanceof Column.Lag lag) {
            remembered.put(column.name(), values.get(lag.column()));
            return before;
        } else if (column instanceof Column.Delta delta) {
            Object now = values.get(delta.column());
            remembered.put(column.name(), now);
            return now == null || before == null ? null : difference(delta.type(), now, before);
        } else if (column instanceof Column.Ema ema) {
            Object now = values.get(ema.column());
            if (now == null) {
                return before; // Nulls are skipped, here as in any aggregate.
            }
            double number = ((Number) now).doubleValue();
            // As a textbook writes it, so that a loop written from one gives the same bits.
            Double average = before == null
                    ? (Double) number
                    : (Double) (ema.smoothing() * number + (1 - ema.smoothing()) * (Double) before);
            remembered.put(column.name(), average);
            return average;
        }
        throw new IllegalArgumentException("Column " + column.name() + " does not look back.");
    }

    /** The difference, or null if it is beyond what the type holds. */
    private static @Nullable Object difference(DataType type, Object now, Object before) {
        if (now instanceof Long a && before instanceof Long b) {
            long difference = a - b;
            return ((a ^ b) & (a ^ difference)) < 0 ? null : (Object) difference;
        } else if (now instanceof Double a && before instanceof Double b) {
            return Rounding.finite(a - b);
        } else if (now instanceof BigDecimal a && before instanceof BigDecimal b) {
            BigDecimal difference = a.subtract(b);
            return difference.precision() <= ((DataType.Decimal) type).precision() ? difference : null;
        }
        throw new IllegalArgumentException("There is no difference of " + now + " and " + before + ".");
    }

    /** About how many bytes it takes in memory. */
    long weight() {
        long weight = Weight.SMALL;
        for (Object value : remembered.values()) {
            weight += 40 + Weight.of(value);
        }
        return weight;
    }

    void write(DataOutput out) throws IOException {
        for (Column column : columns) {
            ValueCodec.writeNullable(type(column), remembered.get(column.name()), out);
        }
    }

    void read(DataInput in) throws IOException {
        for (Column column : columns) {
            remembered.put(column.name(), ValueCodec.readNullable(type(column), in));
        }
    }

    private static DataType type(Column column) {
        return column.type();
    }
}
