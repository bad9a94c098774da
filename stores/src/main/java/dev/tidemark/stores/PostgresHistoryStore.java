package dev.tidemark.stores;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The history in Postgres, one {@link HistoryTable} per view version. */
public final class PostgresHistoryStore implements HistoryStore {
    private static final String TABLES =
            "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables where schemaname = '"
                    + HistoryTable.SCHEMA + "'";

    private static final int FETCH_ROWS = 1_000;

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
    public Epoch enter(FeatureView view, Writer writer) {
        return postgres.call("take up writing " + view.id(), connection -> Fence.enter(connection, view.id(), writer));
    }

    @Override
    public void write(Epoch epoch, List<HistoryWrite> writes) {
        Map<List<Object>, HistoryWrite> last = new LinkedHashMap<>();
        for (HistoryWrite write : writes) {
            epoch.checkOwns(write.view());
            last.put(List.of(write.key(), write.validFrom()), write);
        }
        if (!last.isEmpty()) {
            FeatureView view = writes.get(0).view();
            postgres.call("write " + last.size() + " history rows", connection -> {
                new HistoryLoader(connection, view, epoch).write(last.values());
                return view;
            });
        }
    }

    @Override
    public int forget(FeatureView view, Instant horizon) {
        return postgres.call(
                "drop old history of " + view.id(),
                connection -> HistoryParts.dropBefore(connection, HistoryTable.of(view), horizon.toEpochMilli()));
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
                table.bindKeysAndInstant(statement, JoinKeys.decode(view.entity(), key), instant.toEpochMilli());
                return readAll(table, statement).stream().findFirst();
            }
        });
    }

    @Override
    public void scan(FeatureView view, BiConsumer<String, FeatureRow> rows) {
        HistoryTable table = HistoryTable.of(view);
        // In a transaction, because only there does the driver fetch rows as they are asked for.
        postgres.transaction("read the history of " + view.id(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(table.selectAllSql())) {
                statement.setFetchSize(FETCH_ROWS);
                try (ResultSet result = statement.executeQuery()) {
                    while (result.next()) {
                        rows.accept(JoinKeys.encode(view.entity(), table.readKeys(result)), table.read(result));
                    }
                }
            }
            return view;
        });
    }

    @Override
    public @Nullable Long settled(FeatureView view) {
        return postgres.<Optional<Long>>call(
                        "ask how far the history of " + view.id() + " has come",
                        connection -> Optional.ofNullable(Fence.settled(connection, view.id())))
                .orElse(null);
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
