package dev.tidemark.serving;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.InvalidDefinitionsException;
import java.util.List;

/** Definitions written as a user writes them. */
final class TestDefinitions {
    static final String ACTIVITY =
            """
            kind: Source
            name: edits
            kafka: { topic: wiki-edits, format: json }
            schema: { time: timestamp, user: string, page: string, lot: long, indoors: boolean, since: timestamp, added: long, size: double, price: 'decimal(18,2)', raw: bytes }
            event_time: time
            allowed_lateness: 10s
            ---
            kind: Entity
            name: editor
            keys: { user: string }
            ---
            kind: Entity
            name: place
            keys: { lot: long, indoors: boolean, since: timestamp }
            ---
            kind: FeatureView
            name: activity
            version: 1
            entity: editor
            source: edits
            ttl: 1h
            features:
              - { name: edits, aggregate: count, windows: [10m, 1h] }
              - { name: size, aggregate: last, column: size }
            derived:
              - { name: burst, expr: "edits_1h == 0 ? 0.0 : double(edits_10m) / double(edits_1h)", type: double }
              - { name: idle_s, expr: "(now - last_event_time).getSeconds()", type: long }
              - { name: who, expr: "'user ' + user", type: string }
            ---
            kind: FeatureView
            name: pages
            version: 1
            entity: editor
            source: edits
            features:
              - { name: size, aggregate: last, column: size }
              - { name: added, aggregate: last, column: added }
              - { name: page, aggregate: last, column: page }
              - { name: at, aggregate: last, column: time }
              - { name: flag, aggregate: last, column: indoors }
              - { name: price, aggregate: last, column: price }
              - { name: raw, aggregate: last, column: raw }
            ---
            kind: FeatureView
            name: pages
            version: 2
            entity: editor
            source: edits
            features:
              - { name: added, aggregate: last, column: added }
            ---
            kind: FeatureView
            name: places
            version: 1
            entity: place
            source: edits
            features:
              - { name: visits, aggregate: count }
            ---
            kind: FeatureService
            name: model
            features: ["activity@1:burst", "pages@1:page", "activity@1:edits_1h"]
            """;

    private TestDefinitions() {}

    static Definitions activity() {
        return read(ACTIVITY);
    }

    static Definitions read(String yaml) {
        try {
            return DefinitionReader.read(List.of(new DefinitionReader.Text("test", yaml)));
        } catch (InvalidDefinitionsException e) {
            throw new AssertionError(e);
        }
    }
}
