package dev.tidemark.stores;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.Definitions.Document;
import dev.tidemark.defs.Definitions.Kind;

/** Which definition: the registry has one document for each. */
record DefinitionId(Kind kind, String name, int version) {
    static DefinitionId of(Document document) {
        return new DefinitionId(document.kind(), document.name(), document.version());
    }

    /** For example {@code FeatureView edits@1} or {@code Source clicks}. */
    @Override
    public String toString() {
        return kind.spelling() + " " + name + (kind == Definitions.Kind.FEATURE_VIEW ? "@" + version : "");
    }
}
