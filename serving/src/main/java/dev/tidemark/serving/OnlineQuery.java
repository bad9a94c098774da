package dev.tidemark.serving;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.engine.LogPosition;
import dev.tidemark.stores.OnlineRow;
import dev.tidemark.stores.OnlineStore.Lookup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for, found in the catalog.
 *
 * @param keys the join keys of each row, for each view that is asked
 * @param lookups all of these rows, view by view
 */
record OnlineQuery(
        OnlineRequest request,
        List<SelectedFeature> features,
        Map<ServedView, List<List<Object>>> keys,
        List<Lookup> lookups) {
    /** How many values one request may read. Each is an object until the answer is written, and those asked for have a status and a time. */
    static final int MAX_VALUES = 1_000_000;

    private static final int CHARACTERS = 8; // About as many as take the place of a value.

    /**
     * Understands a request.
     *
     * @throws ApiException if it asks for what does not exist or does not fit together
     */
    static OnlineQuery of(OnlineRequest request, Catalog catalog) {
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
        checkSize(entities, features);
        Map<ServedView, List<List<Object>>> keys = new LinkedHashMap<>();
        for (SelectedFeature feature : features) {
            keys.computeIfAbsent(
                    feature.view(), view -> KeyReader.read(view.view().entity(), entities));
        }
        checkTopics(request.waitFor(), keys.keySet());
        return new OnlineQuery(request, features, keys, lookups(keys));
    }

    private static void checkTopics(@Nullable WaitFor waitFor, Set<ServedView> views) {
        if (waitFor == null) {
            return;
        }
        Set<String> read = new TreeSet<>();
        views.forEach(view -> read.add(topic(view)));
        for (String topic : waitFor.offsets().keySet()) {
            if (!read.contains(topic)) {
                throw ApiException.unprocessable("wait_for.offsets has the topic '" + Shown.text(topic)
                        + "', which none of the views asked for reads. They read: " + Names.list(List.copyOf(read))
                        + ".");
            }
        }
    }

    private static String topic(ServedView view) {
        return view.view().source().topic();
    }

    /** What must be in the rows of each view for which anything must. */
    Map<ServedView, LogPosition> wanted() {
        WaitFor waitFor = request.waitFor();
        Map<ServedView, LogPosition> wanted = new LinkedHashMap<>();
        for (ServedView view : keys.keySet()) {
            LogPosition position = waitFor == null ? null : waitFor.offsets().get(topic(view));
            if (position != null) {
                wanted.put(view, position);
            }
        }
        return wanted;
    }

    /**
     * The answer.
     *
     * @param rows one for each lookup
     */
    OnlineAnswer answer(List<@Nullable OnlineRow> rows, Instant now) {
        Set<ServedView> withDerived = new HashSet<>();
        features.stream().filter(SelectedFeature::isDerived).forEach(feature -> withDerived.add(feature.view()));
        Map<ServedView, List<ViewAnswer>> answers = new LinkedHashMap<>();
        Map<ServedView, List<LogPosition>> positions = new LinkedHashMap<>();
        forEachView(rows, (view, found) -> {
            List<ViewAnswer> column = new ArrayList<>();
            List<LogPosition> known = new ArrayList<>();
            for (int i = 0; i < found.size(); i++) {
                OnlineRow row = found.get(i);
                List<Object> key = keys.getOrDefault(view, List.of()).get(i);
                column.add(ViewAnswer.of(view, key, row == null ? null : row.row(), now, withDerived.contains(view)));
                known.add(row == null ? LogPosition.NONE : row.position());
            }
            answers.put(view, column);
            positions.put(view, known);
        });
        return new OnlineAnswer(request, features, answers, positions);
    }

    /** Deals the rows out to the views, in their order. */
    void forEachView(List<@Nullable OnlineRow> rows, BiConsumer<ServedView, List<@Nullable OnlineRow>> action) {
        int next = 0;
        for (Map.Entry<ServedView, List<List<Object>>> ofView : keys.entrySet()) {
            int size = ofView.getValue().size();
            action.accept(ofView.getKey(), rows.subList(next, next + size));
            next += size;
        }
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

    private static void checkSize(EntityTable entities, List<SelectedFeature> features) {
        int columns = columns(entities, features);
        long values = (long) entities.rows() * columns;
        if (values > MAX_VALUES) {
            throw ApiException.unprocessable("The request would read " + values + " values, in " + entities.rows()
                    + " rows and " + columns + " columns: the join keys and all stored features of the views asked for."
                    + " One request may read " + MAX_VALUES + ". Send several, with at most " + MAX_VALUES / columns
                    + " rows each.");
        }
    }

    /** Of a row all features are read that are stored in it, whichever of them are asked for. */
    private static int columns(EntityTable entities, List<SelectedFeature> features) {
        int derived = (int) features.stream().filter(SelectedFeature::isDerived).count();
        int stored = features.stream()
                .map(SelectedFeature::view)
                .distinct()
                .mapToInt(view -> view.view().features().size())
                .sum();
        return entities.columns().size() + stored + derived;
    }

    /** What the request takes until it is answered, in values: those that it reads, and its keys, eight characters a value. */
    long size() {
        EntityTable entities = request.entities();
        long characters =
                lookups.stream().mapToLong(lookup -> lookup.key().length()).sum();
        return (long) entities.rows() * columns(entities, features) + characters / CHARACTERS;
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
