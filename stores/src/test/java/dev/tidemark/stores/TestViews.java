package dev.tidemark.stores;

import dev.tidemark.defs.Aggregate;
import dev.tidemark.defs.DataType;
import dev.tidemark.defs.DerivedFeature;
import dev.tidemark.defs.Entity;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.Source;
import dev.tidemark.defs.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Feature views made by hand. */
public final class TestViews {
    public static final Source SOURCE = new Source(
            "events",
            "events",
            Source.Format.JSON,
            Map.of("time", DataType.TIMESTAMP),
            new Source.EventTime("time", Source.Unit.INSTANT),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30));

    private TestViews() {}

    public static Entity entity(String name, Object... namesAndTypes) {
        return new Entity(name, types(namesAndTypes));
    }

    /** A view without ttl whose features are lifetime {@code last}s. */
    public static FeatureView view(String name, int version, Entity entity, Object... namesAndTypes) {
        return view(name, version, entity, null, List.of(), namesAndTypes);
    }

    public static FeatureView view(
            String name,
            int version,
            Entity entity,
            Duration ttl,
            List<DerivedFeature> derived,
            Object... namesAndTypes) {
        List<Feature> features = new ArrayList<>();
        types(namesAndTypes)
                .forEach((feature, type) -> features.add(new Feature(
                        feature, type, Aggregate.Plain.LAST, feature, new Window.Lifetime(), null, null, null)));
        return new FeatureView(
                name,
                version,
                entity,
                SOURCE,
                null,
                null,
                List.of(),
                ttl,
                null,
                List.of(),
                features,
                derived,
                FeatureView.History.FULL);
    }

    private static Map<String, DataType> types(Object... namesAndTypes) {
        Map<String, DataType> types = new LinkedHashMap<>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            types.put((String) namesAndTypes[i], (DataType) namesAndTypes[i + 1]);
        }
        return types;
    }
}
