package dev.tidemark.stores;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Makes and drops the parts of a history table. */
final class HistoryParts {
    private static final String NAMES = "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid"
            + " where i.inhparent = ?::regclass";
    /** Rather try again another day than make everybody wait behind a long query. */
    private static final String LOCK_TIMEOUT = "set local lock_timeout = '5s';\n";

    private HistoryParts() {}

    /**
     * Makes parts where they are missing, in one statement. They are attached rather than created in place, because that lets others read and write
     * the table meanwhile.
     */
    static void make(Connection connection, HistoryTable table, List<HistoryPartition> parts) throws SQLException {
        StringBuilder sql = new StringBuilder("do $tidemark$ begin\n");
        sql.append("perform pg_advisory_xact_lock(")
                .append(Postgres.CHANGE_LOCK)
                .append(");\n");
        for (HistoryPartition part : parts) {
            String name = qualified(table.partName(part));
            sql.append("if to_regclass(").append(SqlName.literal(name)).append(") is null then\n");
            sql.append("create table ").append(name).append(" (like ").append(table.qualifiedName());
            sql.append(" including all);\n");
            sql.append("alter table ").append(table.qualifiedName()).append(" attach partition ");
            sql.append(name).append(" for values ").append(part.bounds()).append(";\nend if;\n");
        }
        execute(connection, sql.append("end $tidemark$").toString());
    }

    /**
     * Drops the parts all of whose rows are from before an instant.
     *
     * @param horizon epoch milliseconds
     * @return how many
     */
    static int dropBefore(Connection connection, HistoryTable table, long horizon) throws SQLException {
        int dropped = 0;
        for (String name : names(connection, table)) {
            if (HistoryPartition.ofName(name).until() <= horizon) {
                execute(
                        connection,
                        "do $tidemark$ begin\n" + LOCK_TIMEOUT + "drop table if exists " + qualified(name)
                                + ";\nend $tidemark$");
                dropped++;
            }
        }
        return dropped;
    }

    private static List<String> names(Connection connection, HistoryTable table) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(NAMES)) {
            select.setString(1, table.qualifiedName());
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    names.add(result.getString(1));
                }
            }
        }
        return names;
    }

    private static String qualified(String name) {
        return SqlName.quote(HistoryTable.PARTS_SCHEMA) + "." + SqlName.quote(name);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
