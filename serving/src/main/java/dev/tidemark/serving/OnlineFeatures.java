package dev.tidemark.serving;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.stores.OnlineStore;
import dev.tidemark.stores.OnlineStore.Lookup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers what the features of some entities are now. */
final class OnlineFeatures {
    private final OnlineStore store;

    OnlineFeatures(OnlineStore store) {
        this.store = store;
    }

    /**
     * The answer to a request, with one round trip to the store.
     *
     * @throws ApiException if the request asks for what does not exist or does not fit together
     * @throws dev.tidemark.stores.OnlineStoreException if the store does not answer
     */
    OnlineAnswer answer(OnlineRequest request, Catalog catalog, Instant now) {
        List<SelectedFeature> features =
                request.service() == null ? catalog.features(request.features()) : catalog.service(request.service());
        EntityTable entities = request.entities();
        for (String column : entities.columns().keySet()) {
            if (!catalog.isJoinKey(column)) {
                throw ApiException.unprocessable("entities has the column '" + Shown.text(column)
                        + "', which is not a join key of any entity. The features asked for need: "
                        + Names.list(features.stream()
                                .flatMap(feature -> feature.view().view().entity().keyNames().stream())
                                .toList())
                        + ".");
            }
        }
        checkNames(request, features);
        return new OnlineAnswer(entities, features, request.fullNames(), viewAnswers(features, entities, now));
    }

    private static void checkNames(OnlineRequest request, List<SelectedFeature> features) {
        Set<String> names = new HashSet<>(request.entities().columns().keySet());
        for (SelectedFeature feature : features) {
            if (!names.add(feature.columnName(request.fullNames()))) {
                throw ApiException.unprocessable("Two columns of the answer would be named '"
                        + feature.columnName(request.fullNames()) + "', one of them for " + feature.reference() + ". "
                        + (request.fullNames()
                                ? "Ask for them in two requests."
                                : "Set full_feature_names to true to name them view__feature."));
            }
        }
    }

    private Map<ServedView, List<ViewAnswer>> viewAnswers(
            List<SelectedFeature> features, EntityTable entities, Instant now) {
        Map<ServedView, List<List<Object>>> keys = new LinkedHashMap<>();
        Set<ServedView> withDerived = new HashSet<>();
        for (SelectedFeature feature : features) {
            keys.computeIfAbsent(
                    feature.view(), view -> KeyReader.read(view.view().entity(), entities));
            if (feature.isDerived()) {
                withDerived.add(feature.view());
            }
        }
        List<@Nullable FeatureRow> rows = store.get(lookups(keys));
        Map<ServedView, List<ViewAnswer>> answers = new LinkedHashMap<>();
        int next = 0;
        for (Map.Entry<ServedView, List<List<Object>>> ofView : keys.entrySet()) {
            ServedView view = ofView.getKey();
            List<ViewAnswer> column = new ArrayList<>(entities.rows());
            for (List<Object> key : ofView.getValue()) {
                column.add(ViewAnswer.of(view, key, rows.get(next++), now, withDerived.contains(view)));
            }
            answers.put(view, column);
        }
        return answers;
    }

    private static List<Lookup> lookups(Map<ServedView, List<List<Object>>> keys) {
        List<Lookup> lookups = new ArrayList<>();
        keys.forEach((served, rows) -> {
            FeatureView view = served.view();
            rows.forEach(row -> lookups.add(new Lookup(view, JoinKeys.encode(view.entity(), row))));
        });
        return lookups;
    }
}
