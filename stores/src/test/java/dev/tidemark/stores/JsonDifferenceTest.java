package dev.tidemark.stores;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonDifferenceTest {

    @Test
    void pointsToWhatChangedWasAddedAndWasTakenAway() {
        String was =
                "{\"ttl\":\"30d\",\"features\":[{\"name\":\"n\",\"windows\":[\"1h\"]}],\"a/b\":null,\"owner\":\"ann\"}";
        String is = "{\"ttl\":\"7d\",\"features\":[{\"name\":\"n\",\"windows\":[\"1h\",\"2h\"]}],\"a/b\":1}";

        assertThat(JsonDifference.between(was, is))
                .containsExactly(
                        "/ttl: was \"30d\", is \"7d\"",
                        "/features/0/windows/1: was absent, is \"2h\"",
                        "/a~1b: was null, is 1",
                        "/owner: was \"ann\", is absent");
    }

    @Test
    void seesAnotherOrderOfMembers() {
        assertThat(JsonDifference.between("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}"))
                .containsExactly("the order of the members differs: was {\"a\":1,\"b\":2}, is {\"b\":2,\"a\":1}");
        assertThat(JsonDifference.between("{\"a\":1}", "{\"a\":1}")).isEmpty();
    }

    @Test
    void shortensLongValues() {
        assertThat(JsonDifference.between("\"" + "x".repeat(500) + "\"", "1"))
                .singleElement()
                .asString()
                .hasSizeLessThan(160)
                .endsWith("..., is 1");
    }
}
