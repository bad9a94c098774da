package dev.tidemark.stores;

import dev.tidemark.engine.FeatureRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An online store in memory, for tests. It keeps packed rows, as the real one does. */
public final class InMemoryOnlineStore implements OnlineStore {
    private final Map<String, byte[]> values = new ConcurrentHashMap<>();
    private final RowCodecs codecs = new RowCodecs();

    @Override
    public void put(List<OnlineWrite> writes) {
        for (OnlineWrite write : writes) {
            byte[] value = codecs.of(write.view()).encode(write.row());
            values.put(OnlineKeys.text(write.view(), write.key()), value);
        }
    }

    @Override
    public List<FeatureRow> get(List<Lookup> lookups) {
        List<FeatureRow> rows = new ArrayList<>();
        for (Lookup lookup : lookups) {
            byte[] value = values.get(OnlineKeys.text(lookup.view(), lookup.key()));
            rows.add(value == null ? null : codecs.of(lookup.view()).decode(value));
        }
        return rows;
    }

    @Override
    public long size() {
        return values.size();
    }

    @Override
    public void ping() {}

    @Override
    public void close() {}
}
