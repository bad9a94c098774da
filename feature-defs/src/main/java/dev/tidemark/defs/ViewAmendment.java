package dev.tidemark.defs;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What another definition of a view version would add and remove. It can go on from what was kept for the earlier definition if it
 * differs in nothing but which features there are, and the computed columns that these use.
 *
 * @param kept the features of both, by name, in the order of the later definition
 * @param added those that only the later definition has
 * @param removed those that only the earlier definition has
 * @param problems why the later definition cannot go on from the earlier, a sentence or two each; empty if it can
 */
public record ViewAmendment(List<String> kept, List<String> added, List<String> removed, List<String> problems) {
    public ViewAmendment {
        kept = List.copyOf(kept);
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        problems = List.copyOf(problems);
    }

    /** Compares two definitions of one view version. */
    public static ViewAmendment between(FeatureView before, FeatureView after) {
        List<String> problems = new ArrayList<>();
        checkFrame(before, after, problems);
        checkColumns(before, after, problems);
        checkFeatures(before, after, problems);
        checkRenames(before, after, problems);
        return new ViewAmendment(
                names(common(after, before)), names(only(after, before)), names(only(before, after)), problems);
    }

    private static void checkFrame(FeatureView before, FeatureView after, List<String> problems) {
        if (!before.entity().equals(after.entity()) || !before.source().equals(after.source())) {
            problems.add("Its entity or its source changed, which takes a new version.");
        }
        if (!Expression.same(before.where(), after.where())) {
            problems.add("Its 'where' changed, so every feature would be of other events, which takes a new version.");
        }
        if (!before.history().equals(after.history()) || !Objects.equals(before.ttl(), after.ttl())) {
            problems.add("Its 'history' or its 'ttl' changed, which takes a new version.");
        }
    }

    private static void checkColumns(FeatureView before, FeatureView after, List<String> problems) {
        if (!lookingBack(before).equals(lookingBack(after))) {
            problems.add("Its columns that look back changed: what they would remember of earlier events is not kept,"
                    + " which takes a new version.");
        }
        for (Column column : after.columns()) {
            before.columns().stream()
                    .filter(other -> other.name().equals(column.name()) && !same(other, column))
                    .forEach(other -> problems.add("Column " + column.name()
                            + " changed. Leave it as it was and add the changed one under another name."));
        }
    }

    private static boolean same(Column one, Column other) {
        return one instanceof Column.Computed computed && other instanceof Column.Computed otherComputed
                ? Expression.same(computed.expression(), otherComputed.expression())
                : one.equals(other);
    }

    private static List<Column> lookingBack(FeatureView view) {
        return view.columns().stream()
                .filter(column -> !(column instanceof Column.Computed))
                .toList();
    }

    private static void checkFeatures(FeatureView before, FeatureView after, List<String> problems) {
        for (Feature feature : common(after, before)) {
            if (!sameValue(feature, before.feature(feature.name()).orElseThrow())) {
                problems.add("Feature " + feature.name()
                        + " changed. Leave it as it was and add the changed one under another name.");
            }
        }
        for (DerivedFeature feature : after.derived()) {
            Optional<DerivedFeature> other = before.derivedFeature(feature.name());
            boolean changed = other.isPresent()
                    && !(Expression.same(other.get().expression(), feature.expression())
                            && other.get().type().equals(feature.type()));
            if (changed || before.feature(feature.name()).isPresent()) {
                problems.add("Derived feature " + feature.name() + " changed. Give the changed one another name.");
            }
        }
        for (Feature feature : after.features()) {
            if (before.derivedFeature(feature.name()).isPresent()) {
                problems.add("Feature " + feature.name() + " was a derived feature. Give it another name.");
            }
        }
    }

    private static void checkRenames(FeatureView before, FeatureView after, List<String> problems) {
        for (Feature added : only(after, before)) {
            only(before, after).stream()
                    .filter(removed -> sameValue(removed, added))
                    .findFirst()
                    .ifPresent(removed -> problems.add("Feature " + removed.name() + " would be renamed to "
                            + added.name() + ", which would leave its values behind and start again without any."
                            + " Keep the name " + removed.name() + ", or give the view version "
                            + (before.version() + 1) + "."));
        }
    }

    /** Whether two features have the same values, whatever they are called. */
    private static boolean sameValue(Feature one, Feature other) {
        return one.type().equals(other.type())
                && one.aggregate().equals(other.aggregate())
                && Objects.equals(one.column(), other.column())
                && one.window().equals(other.window())
                && Expression.same(one.where(), other.where())
                && Objects.equals(one.defaultValue(), other.defaultValue());
    }

    private static List<Feature> common(FeatureView view, FeatureView other) {
        return view.features().stream()
                .filter(feature -> other.feature(feature.name()).isPresent())
                .toList();
    }

    private static List<Feature> only(FeatureView view, FeatureView other) {
        return view.features().stream()
                .filter(feature -> other.feature(feature.name()).isEmpty())
                .toList();
    }

    private static List<String> names(List<Feature> features) {
        return features.stream().map(Feature::name).toList();
    }
}
