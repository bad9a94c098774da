package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Entity;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.JoinKeys;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CopyRowsTest {
    /** What {@code EventReader} lets through. */
    private static final int LONGEST_KEY = 1_024;

    static Stream<List<Object>> keysThatGrowMost() {
        Stream<List<Object>> escapes = Stream.of(290, 340).map(length -> List.of("\uFFFE".repeat(length)));
        // The more numbers of one digit, the fewer escapes: 8 bytes of 2 are more than 7 of 3.
        Stream<List<Object>> numbers = Stream.of(1, 10, 30).map(count -> {
            String rest = "\uFFFE".repeat((LONGEST_KEY - 4 - 2 * count) / 3);
            return Stream.concat(
                            Stream.of(rest), Stream.generate(() -> (Object) 5L).limit(count))
                    .toList();
        });
        return Stream.concat(escapes, numbers);
    }

    @ParameterizedTest
    @MethodSource("keysThatGrowMost")
    void keysThatTheJobTakesFit(List<Object> values) {
        Object[] keys = new Object[2 * values.size()];
        for (int i = 0; i < values.size(); i++) {
            keys[2 * i] = "k" + i;
            keys[2 * i + 1] = i == 0 ? DataType.STRING : DataType.LONG;
        }
        Entity entity = TestViews.entity("e", keys);
        FeatureView view = TestViews.view("v", 1, entity, "n", DataType.LONG);
        String key = JoinKeys.encode(entity, values);
        assertThat(key.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(LONGEST_KEY);

        byte[] rows = new CopyRows(HistoryTable.of(view)).encode(List.of(HistoryWrite.deletion(view, key, 1)));

        assertThat(rows).hasSizeGreaterThan(2_000);
    }
}
