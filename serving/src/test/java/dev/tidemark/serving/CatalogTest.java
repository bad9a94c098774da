package dev.tidemark.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogTest {
    @Test
    void preparesOnlyTheViewsThatChanged() {
        Catalog before = new Catalog(TestDefinitions.activity());
        String other = TestDefinitions.ACTIVITY.replace(
                "{ name: visits, aggregate: count }", "{ name: seen, aggregate: count }");
        Catalog after = before.with(TestDefinitions.read(other));

        assertThat(view(after, "activity")).isSameAs(view(before, "activity"));
        assertThat(view(after, "places").featureNames()).containsExactly("seen");
    }

    private static ServedView view(Catalog catalog, String name) {
        return catalog.features(List.of(name)).get(0).view();
    }
}
