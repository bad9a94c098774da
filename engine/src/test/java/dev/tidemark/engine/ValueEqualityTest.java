package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ValueEqualityTest {
    @Test
    void bytesAreTheSameByContentAlsoInLists() {
        assertThat(ValueEquality.same(new byte[] {1}, new byte[] {1})).isTrue();
        assertThat(ValueEquality.same(List.of(new byte[] {1}), List.of(new byte[] {1})))
                .isTrue();
        assertThat(ValueEquality.same(List.of(new byte[] {1}), List.of(new byte[] {2})))
                .isFalse();
        assertThat(ValueEquality.same(List.of(new byte[0]), List.of())).isFalse();
    }

    @Test
    void aNullIsOnlyANull() {
        assertThat(ValueEquality.same(null, null)).isTrue();
        assertThat(ValueEquality.same(null, 0L)).isFalse();
        assertThat(ValueEquality.same(Arrays.asList(null, "a"), Arrays.asList(null, "a")))
                .isTrue();
        assertThat(ValueEquality.same(Arrays.asList(null, "a"), List.of("b", "a")))
                .isFalse();
    }

    @Test
    void zerosOfOtherSignsAreOthers() {
        assertThat(ValueEquality.same(0.0, -0.0)).isFalse();
    }

    @Test
    void rowsOfListsOfBytesAreComparedByContent() {
        assertThat(row(List.of(new byte[] {1})).sameContent(row(List.of(new byte[] {1}))))
                .isTrue();
        assertThat(row(List.of(new byte[] {1})).sameContent(row(null))).isFalse();
    }

    private static FeatureRow row(@Nullable Object value) {
        return new FeatureRow(Arrays.asList(value), 1, FeatureRow.NEVER, 0);
    }
}
