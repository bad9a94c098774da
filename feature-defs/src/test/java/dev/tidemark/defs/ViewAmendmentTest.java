package dev.tidemark.defs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ViewAmendmentTest {
    private static final String COUNT = "{ name: events, aggregate: count, windows: [10m] }";
    private static final String SUM = "{ name: total, aggregate: sum, column: x, windows: [10m] }";

    @Test
    void featuresMayComeAndGo() throws Exception {
        ViewAmendment amendment = ViewAmendment.between(view("", COUNT), view("columns: { y: x * 2.0 }", SUM));

        assertThat(amendment.added()).containsExactly("total_10m");
        assertThat(amendment.removed()).containsExactly("events_10m");
        assertThat(amendment.kept()).isEmpty();
        assertThat(amendment.problems()).isEmpty();
    }

    @Test
    void aColumnMoreInScopeChangesNoCondition() throws Exception {
        String flagged = "{ name: big, aggregate: count, windows: [10m], where: x > 1.0 }";
        ViewAmendment amendment =
                ViewAmendment.between(view("", flagged), view("columns: { y: x * 2.0 }", flagged + "\n" + COUNT));

        assertThat(amendment.kept()).containsExactly("big_10m");
        assertThat(amendment.problems()).isEmpty();
    }

    @Test
    void anotherNameForTheSameIsARename() throws Exception {
        ViewAmendment amendment =
                ViewAmendment.between(view("", COUNT), view("", COUNT.replace("events", "all_events")));

        assertThat(amendment.problems())
                .singleElement()
                .asString()
                .contains("Feature events_10m would be renamed to all_events_10m")
                .contains("Keep the name events_10m, or give the view version 2");
    }

    @Test
    void whatIsKeptMayNotChange() throws Exception {
        assertThat(problems(view("", SUM), view("", SUM.replace("sum", "max")))).contains("Feature total_10m changed");
        assertThat(problems(view("", SUM), view("where: x > 1.0", SUM))).contains("'where' changed");
        assertThat(problems(view("ttl: 1h", SUM), view("", SUM))).contains("'ttl' changed");
        assertThat(problems(view("", SUM), view("columns: { last: { lag: x } }", SUM)))
                .contains("columns that look back");
        assertThat(problems(view("columns: { y: x * 2.0 }", SUM), view("columns: { y: x * 3.0 }", SUM)))
                .contains("Column y changed");
    }

    private static String problems(FeatureView before, FeatureView after) {
        return String.join("\n", ViewAmendment.between(before, after).problems());
    }

    private static FeatureView view(String more, String features) throws InvalidDefinitionsException {
        String yaml =
                """
                { kind: Source, name: s, kafka: { topic: t }, schema: { t: timestamp, k: string, x: double }, event_time: t }
                ---
                { kind: Entity, name: e, keys: { k: string } }
                ---
                kind: FeatureView
                name: v
                version: 1
                entity: e
                source: s
                %s
                features:
                """
                                .formatted(more)
                        + features.lines().map(line -> "  - " + line + "\n").reduce("", String::concat);
        return DefinitionReader.read(List.of(new DefinitionReader.Text("view.yaml", yaml)))
                .views()
                .get(0);
    }
}
