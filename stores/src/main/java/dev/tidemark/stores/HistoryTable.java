package dev.tidemark.stores;

import static java.util.stream.Collectors.joining;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import java.io.Serializable;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The table of one view version's history, as SQL: {@code history.<view>_v<version>} with the join keys, {@code valid_from},
 * {@code last_event_time}, one column per feature, and {@code tidemark_epoch}, the number of the {@link Epoch} that wrote the row.
 * Its rows lie in parts by month ({@link HistoryPartition}). It holds no connection. Immutable and serializable.
 */
public final class HistoryTable implements Serializable {
    /** The schema of all history tables. */
    public static final String SCHEMA = "history";

    /**
     * How many bytes an entity's join keys may have in their columns. An index entry of Postgres holds 2,704, of which headers and
     * padding take up to 204. The job takes keys of 1,024 bytes, and {@link SqlText} makes up to 7 bytes of 3.
     */
    public static final int MAX_KEY_BYTES = 2_500;

    /** The schema of the parts that hold the rows, one for each month; nobody needs to name them. */
    static final String PARTS_SCHEMA = "history_parts";

    private static final long serialVersionUID = 1L;
    private static final int MAX_COLUMNS = 1_600;
    /** What a page of 8,192 holds besides its own header. */
    private static final int MAX_ROW_BYTES = 8_160;

    private static final int ROW_HEADER_BYTES = 23;
    private static final String VALID_FROM = "valid_from";
    private static final String LAST_EVENT_TIME = "last_event_time";
    private static final String EPOCH = "tidemark_epoch";

    private final String viewId;
    private final String name;
    private final List<Column> keys;
    private final List<Column> features;

    private HistoryTable(String viewId, String name, List<Column> keys, List<Column> features) {
        this.viewId = viewId;
        this.name = name;
        this.keys = keys;
        this.features = features;
    }

    /**
     * The table of a view version.
     *
     * @throws IllegalArgumentException if Postgres cannot hold such a table: too many features, or two columns of one name
     */
    public static HistoryTable of(FeatureView view) {
        List<Column> keys = new ArrayList<>();
        view.entity().keys().forEach((key, type) -> keys.add(new Column(SqlName.fit(key), type)));
        List<Column> features = new ArrayList<>();
        for (Feature feature : view.features()) {
            features.add(new Column(SqlName.fit(feature.name()), feature.type()));
        }
        HistoryTable table =
                new HistoryTable(view.id(), SqlName.fit(view.name() + "_v" + view.version()), keys, features);
        table.checkNames();
        table.checkSize();
        return table;
    }

    /** Schema and table, quoted. */
    public String qualifiedName() {
        return SqlName.quote(SCHEMA) + "." + SqlName.quote(name);
    }

    /** The name of one of the table's parts, which {@link HistoryPartition#ofName} understands, without the schema, not quoted. */
    String partName(HistoryPartition part) {
        return SqlName.fit(name, SqlName.MAX_BYTES - HistoryPartition.SUFFIX_LENGTH) + part.suffix();
    }

    String viewId() {
        return viewId;
    }

    /** What creates the schemas and the table where they do not exist yet, one statement each; the table has no parts yet. */
    public List<String> createStatements() {
        String columns = Stream.concat(keys.stream(), times().stream())
                .map(column -> column.definition() + " not null, ")
                .collect(joining());
        String values =
                features.stream().map(column -> column.definition() + ", ").collect(joining());
        return List.of(
                "create schema if not exists " + SqlName.quote(SCHEMA),
                "create schema if not exists " + SqlName.quote(PARTS_SCHEMA),
                "create table if not exists " + qualifiedName() + " (" + columns + values + EPOCH
                        + " bigint not null, primary key (" + primaryKey() + ")) partition by range (" + VALID_FROM
                        + ")");
    }

    /** Selects an entity's rows, oldest first; parameters as {@link #bindKeys} sets them. */
    String selectRowsSql() {
        return select() + " order by " + VALID_FROM;
    }

    /** Selects an entity's row at an instant; parameters as {@link #bindKeysAndInstant} sets them. */
    String selectRowAtSql() {
        return select() + " and " + VALID_FROM + " <= ? order by " + VALID_FROM + " desc limit 1";
    }

    /** Selects all rows, each entity's together, oldest first; the join keys come last. */
    String selectAllSql() {
        String columns = Stream.of(times(), features, keys)
                .flatMap(List::stream)
                .map(Column::quoted)
                .collect(joining(", "));
        return "select " + columns + " from " + qualifiedName() + " order by " + primaryKey();
    }

    /** Reads the join keys of a row that {@link #selectAllSql} gave. */
    List<@Nullable Object> readKeys(ResultSet result) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            values.add(
                    SqlValue.read(result, features.size() + i + 3, keys.get(i).type()));
        }
        return values;
    }

    /** Reads a row that one of the selects gave; when it would end without a further event is not kept in the history. */
    FeatureRow read(ResultSet result) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(features.size());
        for (int i = 0; i < features.size(); i++) {
            values.add(SqlValue.read(result, i + 3, features.get(i).type()));
        }
        return new FeatureRow(
                values, SqlValue.readInstant(result, 1), FeatureRow.NEVER, SqlValue.readInstant(result, 2));
    }

    void bindKeys(PreparedStatement statement, List<?> keyValues) throws SQLException {
        for (int i = 0; i < keys.size(); i++) {
            SqlValue.bind(statement, i + 1, keys.get(i).type(), keyValues.get(i));
        }
    }

    void bindKeysAndInstant(PreparedStatement statement, List<?> keyValues, long instant) throws SQLException {
        bindKeys(statement, keyValues);
        SqlValue.bindInstant(statement, keys.size() + 1, instant);
    }

    List<Column> keys() {
        return keys;
    }

    List<Column> features() {
        return features;
    }

    private String select() {
        String columns = Stream.concat(times().stream(), features.stream())
                .map(Column::quoted)
                .collect(joining(", "));
        return "select " + columns + " from " + qualifiedName() + " where " + keysMatch();
    }

    private String keysMatch() {
        return keys.stream().map(key -> key.quoted() + " = ?").collect(joining(" and "));
    }

    private String primaryKey() {
        return keys.stream().map(key -> key.quoted() + ", ").collect(joining()) + VALID_FROM;
    }

    /** All but the epoch. */
    List<Column> columns() {
        return Stream.of(keys, times(), features).flatMap(List::stream).toList();
    }

    /** Those that a row's identity does not say. */
    List<Column> valueColumns() {
        return columns().subList(keys.size() + 1, columns().size());
    }

    private static List<Column> times() {
        return List.of(new Column(VALID_FROM, DataType.TIMESTAMP), new Column(LAST_EVENT_TIME, DataType.TIMESTAMP));
    }

    private void checkNames() {
        Set<String> names = new HashSet<>(Set.of(EPOCH, HistoryLoad.DELETES));
        for (Column column : columns()) {
            if (!names.add(column.name())) {
                throw new IllegalArgumentException(
                        "The history of " + viewId + " would have two columns named " + column.name()
                                + ". Join keys, features, valid_from, last_event_time and tidemark_epoch need names of their own.");
            }
        }
    }

    private void checkSize() {
        List<Column> columns = columns();
        // The header has a bit for each column, and one for the epoch.
        int bytes = SqlValue.aligned(ROW_HEADER_BYTES + columns.size() / Byte.SIZE + 1);
        for (Column column : columns) {
            bytes = SqlValue.end(column.type(), bytes);
        }
        bytes = SqlValue.end(DataType.LONG, bytes);
        if (columns.size() >= MAX_COLUMNS || bytes > MAX_ROW_BYTES) {
            throw new IllegalArgumentException("The view " + viewId + " has too many features, " + features.size()
                    + ": a table of Postgres has at most " + MAX_COLUMNS + " columns and " + MAX_ROW_BYTES
                    + " bytes a row. Split the view.");
        }
    }

    record Column(String name, DataType type) implements Serializable {
        String quoted() {
            return SqlName.quote(name);
        }

        String definition() {
            return quoted() + " " + SqlValue.columnType(type);
        }
    }
}
