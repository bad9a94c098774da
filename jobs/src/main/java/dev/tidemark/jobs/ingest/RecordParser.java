package dev.tidemark.jobs.ingest;

import dev.tidemark.defs.Source;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a record's bytes in one format. Not safe for use by several threads. */
interface RecordParser {
    /**
     * The columns of a record by name; a column that is missing or null may be absent or null.
     *
     * @throws RefusedException if the bytes are not one record of the source
     */
    Map<String, @Nullable Object> parse(byte[] bytes) throws RefusedException;

    /**
     * The parser for a source's format.
     *
     * @throws IllegalArgumentException if the format cannot be read yet
     */
    static RecordParser of(Source source) {
        if (!EventReader.canRead(source.format())) {
            throw new IllegalArgumentException("Source " + source.name() + " has a format that cannot be read yet: "
                    + source.format() + ". Use json.");
        }
        return new JsonRecordParser(source.schema());
    }
}
