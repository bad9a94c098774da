package dev.tidemark.jobs.files;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import dev.tidemark.engine.RowCodec;
import dev.tidemark.jobs.record.RefusalReason;
import dev.tidemark.jobs.record.RowUpdate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a dry run computed. It is kept in temporary files until the result is closed or the process ends. */
public final class DryRunResult implements AutoCloseable {
    private final ScratchDirectory scratch;
    private final List<FeatureView> views;
    private final List<Refused> refused;

    DryRunResult(ScratchDirectory scratch, List<FeatureView> views, List<Refused> refused) {
        this.scratch = scratch;
        this.views = List.copyOf(views);
        this.refused = List.copyOf(refused);
    }

    /** A row of one entity, with the values of its join keys in their order. */
    public record Row(List<Object> keys, FeatureRow row) {}

    /**
     * A refused record.
     *
     * @param line its number in the file, from 1
     * @param eventTime epoch milliseconds; null if the record has no readable event time
     * @param text the line itself; null if it is no longer known
     */
    public record Refused(
            String source,
            Path file,
            long line,
            @Nullable Long eventTime,
            RefusalReason reason,
            String detail,
            @Nullable String text) {}

    /** The views that were computed: those whose source has files. */
    public List<FeatureView> views() {
        return views;
    }

    /**
     * The rows of a view, by ascending join keys, then valid_from. The order of strings is that of their code points.
     *
     * @throws IOException if the temporary files cannot be read
     */
    public Iterator<Row> rows(FeatureView view) throws IOException {
        List<Sortable> rows = new ArrayList<>();
        for (RowUpdate update : SpillFiles.read(directory(), rowsOf(view), RowUpdate.TYPE)) {
            rows.add(new Sortable(JoinKeys.decode(view.entity(), update.key()), update));
        }
        rows.sort(Comparator.comparing(Sortable::keys, new KeyOrder())
                .thenComparingLong(row -> row.update().validFrom()));
        RowCodec codec = RowCodec.of(view);
        // Packed rows are small, unpacked ones are not: each is unpacked when its turn comes.
        return rows.stream()
                .map(row -> new Row(row.keys(), codec.decode(row.update().packed())))
                .iterator();
    }

    /** The refused records, by source, file and line. */
    public List<Refused> refused() {
        return refused;
    }

    @Override
    public void close() throws IOException {
        scratch.close();
    }

    Path directory() {
        return scratch.path();
    }

    static String rowsOf(FeatureView view) {
        return "rows-" + view.id();
    }

    private record Sortable(List<Object> keys, RowUpdate update) {}
}
