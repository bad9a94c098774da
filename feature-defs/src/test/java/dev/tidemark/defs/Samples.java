package dev.tidemark.defs;

import java.util.Arrays;
import java.util.List;

/** Definitions for tests. */
final class Samples {
    /** Every form of the language at least once. */
    static final String EVERYTHING =
            """
            kind: Source
            name: edits
            kafka: { topic: wiki-edits, format: avro }
            schema: { ts: long, user: string, page: string, added: long, score: double, price: "decimal( 10, 2 )", flag: boolean, raw: bytes, at: timestamp, tags: list<string> }
            event_time: { column: ts, unit: micros }
            allowed_lateness: 0s
            idle_timeout: 1500ms
            ---
            kind: Entity
            name: editor
            keys: { user: string, flag: boolean }
            ---
            kind: FeatureView
            name: all_of_it
            version: 3
            entity: editor
            source: edits
            owner: me
            description: 'Every "form" of it, déjà vu \\ 😀'
            tags: [b, a]
            ttl: 1y
            where: "added > 0"
            columns:
              twice: "added * 2"
              before: { lag: page }
              change: { delta: score }
              smooth: { ema: change, span: 9 }
              wild: { ema: change, wilder: 14 }
              raw_smooth: { ema: price, smoothing: 0.25 }
              half: "score / 2.0"
            features:
              - { name: n, aggregate: count, windows: [500ms, 10m, 24h, 2w, { length: 1h, step: exact }, { length: 1h, step: 7s, offset: 24h }] }
              - { name: each, aggregate: count, windows: [{ tumbling: 1d, time_zone: Europe/Berlin }, { tumbling: 1mo, time_zone: UTC }, { tumbling: 1w }, { tumbling: 15m, as: quarter }] }
              - { name: s, aggregate: sum, column: twice, windows: [{ length: 1h, as: hourly_sum }], where: "score != null && !flag" }
              - { name: s, aggregate: sum, column: price, default: 1.5 }
              - { name: a, aggregate: avg, column: price, default: 0 }
              - { name: mi, aggregate: min, column: at, default: "2020-01-01T00:00:00Z" }
              - { name: ma, aggregate: max, column: page, default: "" }
              - { name: f, aggregate: first, column: flag, default: true }
              - { name: l, aggregate: last, column: raw }
              - { name: lt, aggregate: last, column: tags, windows: [1h] }
              - { name: v1, aggregate: variance, column: added }
              - { name: v2, aggregate: variance_sample, column: added }
              - { name: v3, aggregate: stddev, column: added }
              - { name: v4, aggregate: stddev_sample, column: score }
              - { name: d, aggregate: count_distinct, column: page, windows: [1h], default: 0 }
              - { name: ad, aggregate: approx_count_distinct, column: page, default: 0 }
              - { name: fn, aggregate: first_n, column: page, n: 5, windows: [1h] }
              - { name: ln, aggregate: last_n, column: added, n: 5, description: the last five }
              - { name: p, aggregate: approx_percentile, column: score, p: [0.5, 0.999], windows: [1h, 1d] }
              - { name: p9, aggregate: approx_percentile, column: score, p: 0.9, windows: [1h], default: -1.5 }
              - { name: t, aggregate: top_k, column: page, k: 3 }
              - { name: h, aggregate: histogram, column: page, limit: 50 }
              - { name: e, aggregate: ema, column: added, span: 12 }
              - { name: ew, aggregate: ema, column: added, wilder: 14 }
              - { name: ds, aggregate: decayed_sum, column: added, half_life: 1h }
              - { name: da, aggregate: decayed_avg, column: added, half_life: 90m }
              - { name: r, aggregate: rate, per: 1m, windows: [1h] }
              - { name: rs, aggregate: rate, column: added, per: 1s, windows: [1h] }
            derived:
              - { name: z, expr: "y + 1", type: long }
              - { name: y, expr: "n_10m + user.size()", type: long, description: before z }
              - { name: idle, expr: "(now - last_event_time).getSeconds()", type: long }
              - { name: newest, expr: "flag ? null : ln[0]", type: long }
              - name: folded
                expr: >
                  mi == null
                    || n_10m > 3
                type: boolean
            history: { retention: 2y, every: 60s }
            ---
            kind: FeatureService
            name: model
            features: [all_of_it, "all_of_it:y", "all_of_it@3:z", "all_of_it@3"]""";

    private Samples() {}

    static Definitions everything() throws InvalidDefinitionsException {
        return read(EVERYTHING);
    }

    static Definitions read(String... texts) throws InvalidDefinitionsException {
        return DefinitionReader.read(Arrays.stream(texts)
                .map(text -> new DefinitionReader.Text("test.yaml", text))
                .toList());
    }

    /** Reads documents again from their canonical form. */
    static Definitions readAgain(Definitions definitions) throws InvalidDefinitionsException {
        List<DefinitionReader.Text> texts = definitions.documents().stream()
                .map(document -> new DefinitionReader.Text(document.name(), document.json()))
                .toList();
        return DefinitionReader.read(texts);
    }
}
