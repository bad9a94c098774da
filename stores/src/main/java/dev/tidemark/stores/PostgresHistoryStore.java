package dev.tidemark.stores;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.FeatureRow;
import dev.tidemark.engine.JoinKeys;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The history in Postgres, one {@link HistoryTable} per view version. */
public final class PostgresHistoryStore implements HistoryStore {
    private static final String TABLES =
            "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables where schemaname = '"
                    + HistoryTable.SCHEMA + "'";

    private final Postgres postgres;

    /** A store in a database; closing the database is left to the caller. */
    public PostgresHistoryStore(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public void create(FeatureView view) {
        postgres.transaction("create the history table of " + view.id(), connection -> {
            Postgres.lockForChanges(connection);
            create(connection, view);
            return view;
        });
    }

    /** Creates a view's table in a transaction that has taken the lock for changes. */
    static void create(Connection connection, FeatureView view) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : HistoryTable.of(view).createStatements()) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void write(List<HistoryWrite> writes) {
        // One statement must not touch a row twice, so of several writes of a row only the last is sent.
        Map<List<Object>, HistoryWrite> last = new LinkedHashMap<>();
        for (HistoryWrite write : writes) {
            last.put(List.of(write.view().id(), write.key(), write.row().validFrom()), write);
        }
        Collection<List<HistoryWrite>> views = last.values().stream()
                .collect(groupingBy(
                        write -> write.view().id(), LinkedHashMap::new, java.util.stream.Collectors.toList()))
                .values();
        postgres.transaction("write " + last.size() + " history rows", connection -> {
            for (List<HistoryWrite> ofOneView : views) {
                write(connection, ofOneView.get(0).view(), ofOneView);
            }
            return views;
        });
    }

    private static void write(Connection connection, FeatureView view, List<HistoryWrite> writes) throws SQLException {
        HistoryTable table = HistoryTable.of(view);
        try (PreparedStatement statement = connection.prepareStatement(table.upsertSql())) {
            for (HistoryWrite write : writes) {
                table.bind(statement, JoinKeys.decode(view.entity(), write.key()), write.row());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    @Override
    public List<FeatureRow> rows(FeatureView view, String key) {
        HistoryTable table = HistoryTable.of(view);
        return postgres.call("read the history of " + view.id(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(table.selectRowsSql())) {
                table.bindKeys(statement, JoinKeys.decode(view.entity(), key));
                return readAll(table, statement);
            }
        });
    }

    @Override
    public Optional<FeatureRow> rowAt(FeatureView view, String key, Instant instant) {
        HistoryTable table = HistoryTable.of(view);
        return postgres.call("read the history of " + view.id(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(table.selectRowAtSql())) {
                table.bindDelete(statement, JoinKeys.decode(view.entity(), key), instant.toEpochMilli());
                return readAll(table, statement).stream().findFirst();
            }
        });
    }

    private static List<FeatureRow> readAll(HistoryTable table, PreparedStatement statement) throws SQLException {
        List<FeatureRow> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows.add(table.read(result));
            }
        }
        return rows;
    }

    @Override
    public long count(FeatureView view) {
        return postgres.call(
                "count the history of " + view.id(),
                connection -> count(connection, List.of(HistoryTable.of(view).qualifiedName())));
    }

    @Override
    public long countAll() {
        return postgres.call("count the history", connection -> {
            List<String> tables = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(TABLES)) {
                while (result.next()) {
                    tables.add(result.getString(1));
                }
            }
            return tables.isEmpty() ? 0L : count(connection, tables);
        });
    }

    private static long count(Connection connection, List<String> tables) throws SQLException {
        String sql = tables.stream()
                .map(table -> "(select count(*) from " + table + ")")
                .collect(joining(" + ", "select ", ""));
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }
}
