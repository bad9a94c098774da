package dev.tidemark.serving;

import dev.tidemark.defs.DataType;

/**
 * A feature that a request asks for.
 *
 * @param view the view that has it
 * @param name its name in the view
 * @param index its place in the view's rows; {@link #DERIVED} if it is computed from the row
 */
record SelectedFeature(ServedView view, String name, DataType type, int index) {
    static final int DERIVED = -1;

    boolean isDerived() {
        return index == DERIVED;
    }

    /** The name of its column in the answer. */
    String columnName(boolean full) {
        return full ? view.view().name() + "__" + name : name;
    }

    /** How a request spells it without doubt, for example {@code activity@1:edits_1h}. */
    String reference() {
        return view.view().id() + ":" + name;
    }
}
