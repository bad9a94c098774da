package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.Column;
import dev.tidemark.defs.DataType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ColumnMemoryTest {

    @Test
    void aDifferenceThatItsTypeCannotHoldIsNull() {
        assertThat(changes(new DataType.Decimal(5, 2), decimals("-600.00", "600.00", "-399.99", "-399.99")))
                .isEqualTo(Arrays.asList(null, null, new BigDecimal("-999.99"), new BigDecimal("0.00")));
        assertThat(changes(DataType.LONG, List.of(-1L, Long.MAX_VALUE, 0L)))
                .isEqualTo(Arrays.asList(null, null, -Long.MAX_VALUE));
        assertThat(changes(DataType.DOUBLE, List.of(-Double.MAX_VALUE, Double.MAX_VALUE, 0.0)))
                .isEqualTo(Arrays.asList(null, null, -Double.MAX_VALUE));
    }

    private static List<Object> decimals(String... texts) {
        return Arrays.stream(texts).<Object>map(BigDecimal::new).toList();
    }

    private static List<Object> changes(DataType type, List<?> values) {
        Column change = new Column.Delta("change", "x", type);
        ColumnMemory memory = ColumnMemory.empty(List.of(change));
        List<Object> changes = new ArrayList<>();
        values.forEach(value -> changes.add(memory.next(change, Map.of("x", value))));
        return changes;
    }
}
