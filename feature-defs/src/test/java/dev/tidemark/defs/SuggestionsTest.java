package dev.tidemark.defs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SuggestionsTest {

    @Property
    void distanceIsSymmetricAndZeroOnlyForEqualTexts(
            @ForAll @AlphaChars @StringLength(max = 8) String a, @ForAll @AlphaChars @StringLength(max = 8) String b) {
        assertThat(Suggestions.distance(a, b)).isEqualTo(Suggestions.distance(b, a));
        assertThat(Suggestions.distance(a, b) == 0).isEqualTo(a.equals(b));
    }

    @Property
    void oneSlipOfTheKeyboardHasADistanceOfOne(@ForAll @AlphaChars @StringLength(min = 2, max = 20) String word) {
        String swapped = "" + word.charAt(1) + word.charAt(0) + word.substring(2);

        assertThat(Suggestions.distance(word, swapped)).isLessThanOrEqualTo(1);
        assertThat(Suggestions.distance(word, word.substring(1))).isEqualTo(1);
        assertThat(Suggestions.distance(word, word + "x")).isEqualTo(1);
    }

    @Test
    void suggestsTheClosestChoiceAndNothingFarFetched() {
        List<String> choices = List.of("windows", "where", "column");

        assertThat(Suggestions.closest("window", choices)).isEqualTo("windows");
        assertThat(Suggestions.closest("WINDOWS", choices)).isEqualTo("windows");
        assertThat(Suggestions.closest("colunm", choices)).isEqualTo("column");
        assertThat(Suggestions.closest("aggregate", choices)).isNull();
    }

    @Test
    void listsWhatThereIsIfNothingIsClose() {
        assertThat(Suggestions.of("x", "fields", List.of("windows", "where")))
                .isEqualTo("The fields are: windows, where.");
        assertThat(Suggestions.of("x", "fields", List.of())).isNull();
    }
}
