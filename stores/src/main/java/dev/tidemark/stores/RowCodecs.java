package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.RowCodec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The codecs of the view versions seen so far; a view version never changes, so its id is enough to find its codec. */
final class RowCodecs {
    private final Map<String, RowCodec> byView = new ConcurrentHashMap<>();

    RowCodec of(FeatureView view) {
        return byView.computeIfAbsent(view.id(), id -> RowCodec.of(view));
    }
}
