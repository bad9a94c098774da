package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By what a backfill that was interrupted is known again. */
final class BackfillTargetTest {
    private static final String DEFINITIONS =
            """
            kind: Source
            name: payments
            kafka: { topic: payments }
            schema: { ts: timestamp, card_id: string, amount: double }
            event_time: { column: ts }
            allowed_lateness: 2s
            ---
            kind: Entity
            name: card
            keys: { card_id: string }
            ---
            kind: FeatureView
            name: cards
            version: 1
            entity: card
            source: payments
            features:
              - { name: payments, aggregate: count }
            """;

    private static final String ANOTHER =
            """
            ---
            kind: FeatureView
            name: cards
            version: 2
            entity: card
            source: payments
            features:
              - { name: amount, aggregate: sum, column: amount }
            """;

    @Test
    void whatOthersAddToTheRegistryMakesNoOtherBackfill() throws Exception {
        assertThat(target(DEFINITIONS + ANOTHER)).isEqualTo(target(DEFINITIONS));
    }

    @Test
    void anotherMeaningOfTheViewDoes() throws Exception {
        assertThat(target(DEFINITIONS.replace("lateness: 2s", "lateness: 3s"))).isNotEqualTo(target(DEFINITIONS));
        assertThat(target(DEFINITIONS.replace("name: payments, aggregate", "name: n, aggregate")))
                .isNotEqualTo(target(DEFINITIONS));
    }

    private static String target(String yaml) throws Exception {
        Definitions definitions = DefinitionReader.read(List.of(new DefinitionReader.Text("test.yaml", yaml)));
        FeatureView view = definitions.view("cards", 1).orElseThrow();
        return new BackfillRun.Target(definitions, definitions, view, "k:1", "jdbc:postgresql://p/d", null, null)
                .toString();
    }
}
