package dev.tidemark.stores;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.defs.Definitions.Document;
import dev.tidemark.defs.Definitions.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables that say which version of a view is the current one, and how it became that. */
final class CurrentVersions {
    private static final ObjectMapper JSON = new ObjectMapper();

    private CurrentVersions() {}

    static Map<String, Integer> read(Connection connection) throws SQLException {
        Map<String, Integer> versions = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select view, version from tidemark.current_version")) {
            while (result.next()) {
                versions.put(result.getString(1), result.getInt(2));
            }
        }
        return versions;
    }

    /** The current versions with those that documents bring: of a view that has none, its greatest. */
    static Map<String, Integer> with(Map<String, Integer> current, List<Document> documents) {
        Map<String, Integer> first = new HashMap<>();
        for (Document document : documents) {
            if (document.kind() == Kind.FEATURE_VIEW && !current.containsKey(document.name())) {
                first.merge(document.name(), document.version(), Math::max);
            }
        }
        first.putAll(current);
        return first;
    }

    /** Adds the current versions of views that have none yet. */
    static void add(Connection connection, Map<String, Integer> versions) throws SQLException {
        String sql = "insert into tidemark.current_version (view, version) values (?, ?) on conflict do nothing";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Map.Entry<String, Integer> version : versions.entrySet()) {
                statement.setString(1, version.getKey());
                statement.setInt(2, version.getValue());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Replaces a view's current version if it is the one that is expected; false if not. */
    static boolean change(Connection connection, String view, int from, int to) throws SQLException {
        String sql = "update tidemark.current_version set version = ?, change = default where view = ? and version = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, to);
            statement.setString(2, view);
            statement.setInt(3, from);
            return statement.executeUpdate() == 1;
        }
    }

    /** Keeps a certificate, and gives it with its number and time. */
    static Takeover record(
            Connection connection, String view, int from, int to, String by, Takeover.@Nullable Proof proof)
            throws SQLException {
        String sql = "insert into tidemark.takeover (view, from_version, to_version, by, proof) values (?, ?, ?, ?, ?)"
                + " returning number, at";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, view);
            statement.setInt(2, from);
            statement.setInt(3, to);
            statement.setString(4, by);
            statement.setObject(5, json(proof), Types.OTHER);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                OffsetDateTime at = result.getObject(2, OffsetDateTime.class);
                return new Takeover(result.getLong(1), view, from, to, at.toInstant(), by, proof);
            }
        }
    }

    /** The certificates, the newest first. */
    static List<Takeover> takeovers(Connection connection) throws SQLException {
        List<Takeover> takeovers = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select number, view, from_version, to_version, at, by, proof"
                        + " from tidemark.takeover order by number desc")) {
            while (result.next()) {
                takeovers.add(new Takeover(
                        result.getLong(1),
                        result.getString(2),
                        result.getInt(3),
                        result.getInt(4),
                        result.getObject(5, OffsetDateTime.class).toInstant(),
                        result.getString(6),
                        proof(result.getString(7))));
            }
        }
        return takeovers;
    }

    private static @Nullable String json(Takeover.@Nullable Proof proof) {
        try {
            return proof == null ? null : JSON.writeValueAsString(proof);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Takeover.@Nullable Proof proof(@Nullable String json) {
        try {
            return json == null ? null : JSON.readValue(json, Takeover.Proof.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A certificate in the registry cannot be read: " + json, e);
        }
    }
}
