package dev.tidemark.stores;

import static java.util.stream.Collectors.joining;

import dev.tidemark.defs.DataType;
import dev.tidemark.defs.Feature;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
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
 * {@code last_event_time} and one column per feature. It holds no connection. Immutable and serializable.
 */
public final class HistoryTable implements Serializable {
    /** The schema of all history tables. */
    public static final String SCHEMA = "history";

    /** How many bytes the text of an entity's join keys may have: an index entry of Postgres holds little more. */
    public static final int MAX_KEY_BYTES = 2_000;

    private static final long serialVersionUID = 1L;
    private static final int MAX_COLUMNS = 1_600;
    private static final int MAX_ROW_BYTES = 8_000;
    private static final String VALID_FROM = "valid_from";
    private static final String LAST_EVENT_TIME = "last_event_time";

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

    /** What creates the schema and the table where they do not exist yet, one statement each. */
    public List<String> createStatements() {
        String columns = Stream.concat(keys.stream(), times().stream())
                .map(column -> column.definition() + " not null, ")
                .collect(joining());
        String values =
                features.stream().map(column -> column.definition() + ", ").collect(joining());
        return List.of(
                "create schema if not exists " + SqlName.quote(SCHEMA),
                "create table if not exists " + qualifiedName() + " (" + columns + values + "primary key ("
                        + primaryKey() + "))");
    }

    /** Inserts a row or replaces the one with the same keys and valid_from; parameters as {@link #bind} sets them. */
    public String upsertSql() {
        List<Column> columns = allColumns();
        String names = columns.stream().map(Column::quoted).collect(joining(", "));
        String parameters = columns.stream().map(column -> "?").collect(joining(", "));
        String updates = columns.subList(keys.size() + 1, columns.size()).stream()
                .map(column -> column.quoted() + " = excluded." + column.quoted())
                .collect(joining(", "));
        return "insert into " + qualifiedName() + " (" + names + ") values (" + parameters + ") on conflict ("
                + primaryKey() + ") do update set " + updates;
    }

    /** Deletes the row of an entity with one valid_from; parameters as {@link #bindDelete} sets them. */
    public String deleteSql() {
        return "delete from " + qualifiedName() + " where " + keysMatch() + " and " + VALID_FROM + " = ?";
    }

    /**
     * Sets all parameters of {@link #upsertSql}.
     *
     * @param keyValues the entity's join keys in their order
     * @throws IllegalArgumentException if Postgres cannot hold a value: join keys longer than {@link #MAX_KEY_BYTES}, or an
     *     instant before 4712 BC or after 294276 AD
     */
    public void bind(PreparedStatement statement, List<?> keyValues, FeatureRow row) throws SQLException {
        int index = bindDelete(statement, keyValues, row.validFrom());
        SqlValue.bindInstant(statement, index++, row.lastEventTime());
        for (int i = 0; i < features.size(); i++) {
            SqlValue.bind(
                    statement, index++, features.get(i).type(), row.values().get(i));
        }
    }

    /**
     * Sets all parameters of {@link #deleteSql}.
     *
     * @return the index of the parameter after them
     */
    public int bindDelete(PreparedStatement statement, List<?> keyValues, long validFrom) throws SQLException {
        int index = bindKeys(statement, keyValues);
        SqlValue.bindInstant(statement, index++, validFrom);
        return index;
    }

    /** Selects an entity's rows, oldest first; parameters as {@link #bindKeys} sets them. */
    String selectRowsSql() {
        return select() + " order by " + VALID_FROM;
    }

    /** Selects an entity's row at an instant; parameters: the keys, then the instant. */
    String selectRowAtSql() {
        return select() + " and " + VALID_FROM + " <= ? order by " + VALID_FROM + " desc limit 1";
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

    int bindKeys(PreparedStatement statement, List<?> keyValues) throws SQLException {
        int bytes = 0;
        for (int i = 0; i < keys.size(); i++) {
            Object value = keyValues.get(i);
            bytes += value instanceof String text ? text.getBytes(StandardCharsets.UTF_8).length : Long.BYTES;
            SqlValue.bind(statement, i + 1, keys.get(i).type(), value);
        }
        if (bytes > MAX_KEY_BYTES) {
            throw new IllegalArgumentException("The join keys of an entity of " + viewId + " have " + bytes
                    + " bytes; the history keeps at most " + MAX_KEY_BYTES + ".");
        }
        return keys.size() + 1;
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

    private List<Column> allColumns() {
        return Stream.of(keys, times(), features).flatMap(List::stream).toList();
    }

    private static List<Column> times() {
        return List.of(new Column(VALID_FROM, DataType.TIMESTAMP), new Column(LAST_EVENT_TIME, DataType.TIMESTAMP));
    }

    private void checkNames() {
        Set<String> names = new HashSet<>();
        for (Column column : allColumns()) {
            if (!names.add(column.name())) {
                throw new IllegalArgumentException(
                        "The history of " + viewId + " would have two columns named " + column.name()
                                + ". Join keys, features, valid_from and last_event_time need names of their own.");
            }
        }
    }

    private void checkSize() {
        List<Column> columns = allColumns();
        int bytes = columns.size() / 8;
        for (Column column : columns) {
            bytes += SqlValue.minimumWidth(column.type());
        }
        if (columns.size() > MAX_COLUMNS || bytes > MAX_ROW_BYTES) {
            throw new IllegalArgumentException("The view " + viewId + " has too many features, " + features.size()
                    + ": a table of Postgres has at most " + MAX_COLUMNS + " columns and " + MAX_ROW_BYTES
                    + " bytes a row. Split the view.");
        }
    }

    private record Column(String name, DataType type) implements Serializable {
        String quoted() {
            return SqlName.quote(name);
        }

        String definition() {
            return quoted() + " " + SqlValue.columnType(type);
        }
    }
}
