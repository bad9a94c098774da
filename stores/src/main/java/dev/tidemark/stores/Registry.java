package dev.tidemark.stores;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.Definitions.Document;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.InvalidDefinitionsException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/**
 * Every definition that was applied, in Postgres. Jobs, servers and training sets read their definitions here. A view version
 * stands for one content for ever: neither it nor the source and entity that it uses can change. Of a view's versions one is
 * current, which is meant where none is named: the first that was applied, until another takes over.
 */
public final class Registry {
    private static final String SCHEMA = "tidemark";

    private final Postgres postgres;

    private Registry(Postgres postgres) {
        this.postgres = postgres;
    }

    /**
     * The registry in a database; creates or updates its tables. Closing the database is left to the caller.
     *
     * @throws PostgresException if the database does not answer, lacks characters, or the tables cannot be made
     */
    public static Registry open(Postgres postgres) {
        // First, because it says in one line that nobody answers.
        postgres.ping();
        checkEncoding(postgres);
        try {
            Flyway.configure(Registry.class.getClassLoader())
                    .dataSource(postgres.dataSource())
                    .schemas(SCHEMA)
                    .locations("classpath:db/migration")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new PostgresException(
                    "Could not set up the registry in Postgres at " + postgres.address() + ": " + e.getMessage(), e);
        }
        return new Registry(postgres);
    }

    /** With another encoding all goes well until a row has a character that it lacks, and such a row can never be written. */
    private static void checkEncoding(Postgres postgres) {
        String encoding = postgres.readLittle("ask for the encoding of the database", connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("show server_encoding")) {
                result.next();
                return result.getString(1);
            }
        });
        if (!encoding.equals("UTF8")) {
            throw new PostgresException("The database at " + postgres.address() + " has the encoding " + encoding
                    + ", which does not hold all characters. Make another, for example with: create database NAME"
                    + " encoding 'UTF8' template template0");
        }
    }

    /**
     * Adds definitions and creates the history tables of their views, all or nothing. Definitions that are there already stay;
     * a feature service may change; whatever is not mentioned stays. The greatest version of a view that is new here becomes its
     * current one; other versions do not.
     *
     * @throws RegistryConflictException if a view version would change its meaning, or the definitions do not go together with
     *     those applied before
     * @throws PostgresException if the database does not do what it is asked
     * @throws IllegalArgumentException if the history of a view does not fit into a table; it says why
     */
    public Applied apply(Definitions definitions) {
        return postgres.transaction("apply the definitions", connection -> {
            Postgres.lockForChanges(connection);
            Map<DefinitionId, Document> stored = read(connection);
            RegistryChange change = RegistryChange.of(stored, definitions.documents());
            if (!change.isEmpty()) {
                Map<String, Integer> current =
                        CurrentVersions.with(CurrentVersions.read(connection), definitions.documents());
                checkTogether(change.applyTo(stored), current);
                write(connection, change.added());
                write(connection, change.changed());
                CurrentVersions.add(connection, current);
            }
            for (FeatureView view : definitions.views()) {
                PostgresHistoryStore.create(connection, view);
            }
            return new Applied(names(change.added()), names(change.changed()), names(change.unchanged()));
        });
    }

    /**
     * All definitions; empty if none were applied yet.
     *
     * @throws PostgresException if the database does not answer
     * @throws IllegalStateException if this program does not understand what another release applied
     */
    public Definitions load() {
        try {
            // The current versions first: a view that is applied in between is known without one, and its greatest is
            // meant.
            Map<String, Integer> current =
                    postgres.readLittle("read the current versions", connection -> CurrentVersions.read(connection));
            List<Document> documents = postgres.readLittle(
                    "read the definitions",
                    connection -> List.copyOf(read(connection).values()));
            return parse(documents, current);
        } catch (InvalidDefinitionsException e) {
            throw new IllegalStateException(
                    "The registry at " + postgres.address()
                            + " has definitions that this program does not understand:\n" + e.getMessage(),
                    e);
        }
    }

    /**
     * Makes another version of a view the current one, all or nothing, and keeps the certificate.
     *
     * @param from the version that the caller knows as the current one
     * @param by who asks for it
     * @param proof null if nothing was compared
     * @throws RegistryConflictException if another version is current, the new one was not applied, or it lacks what a service
     *     reads; nothing is changed
     * @throws PostgresException if the database does not do what it is asked
     */
    public Takeover takeOver(String view, int from, int to, String by, Takeover.@Nullable Proof proof) {
        return postgres.transaction("change the current version of " + view, connection -> {
            Postgres.lockForChanges(connection);
            Map<DefinitionId, Document> stored = read(connection);
            if (!stored.containsKey(new DefinitionId(Definitions.Kind.FEATURE_VIEW, view, to))) {
                throw new RegistryConflictException(
                        List.of("The version " + view + "@" + to + " was not applied; submit it first."));
            }
            if (!CurrentVersions.change(connection, view, from, to)) {
                throw new RegistryConflictException(List.of(view + "@" + from
                        + " is not the current version any more: another takeover came first. Nothing was changed."));
            }
            checkTogether(List.copyOf(stored.values()), CurrentVersions.read(connection));
            return CurrentVersions.record(connection, view, from, to, by, proof);
        });
    }

    /**
     * The certificates of all takeovers, the newest first.
     *
     * @throws PostgresException if the database does not answer
     */
    public List<Takeover> takeovers() {
        return postgres.call("read the certificates", connection -> CurrentVersions.takeovers(connection));
    }

    /**
     * A number that grows whenever a definition is added or changed or a version becomes the current one; 0 while there is none.
     *
     * @throws PostgresException if the database does not answer
     */
    public long revision() {
        return postgres.readLittle("read the revision of the definitions", connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(
                            "select coalesce(max(change), 0) from (select change from tidemark.definition"
                                    + " union all select change from tidemark.current_version) changes")) {
                result.next();
                return result.getLong(1);
            }
        });
    }

    private static Map<DefinitionId, Document> read(Connection connection) throws SQLException {
        Map<DefinitionId, Document> documents = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "select kind, name, version, document from tidemark.definition order by change")) {
            while (result.next()) {
                Document document = new Document(
                        Definitions.Kind.valueOf(result.getString(1)),
                        result.getString(2),
                        result.getInt(3),
                        result.getString(4));
                documents.put(DefinitionId.of(document), document);
            }
        }
        return documents;
    }

    private static void write(Connection connection, List<Document> documents) throws SQLException {
        String sql = "insert into tidemark.definition (kind, name, version, document) values (?, ?, ?, ?)"
                + " on conflict (kind, name, version) do update set document = excluded.document,"
                + " applied_at = excluded.applied_at, change = excluded.change";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Document document : documents) {
                statement.setString(1, document.kind().name());
                statement.setString(2, document.name());
                statement.setInt(3, document.version());
                statement.setObject(4, document.json(), Types.OTHER);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** A service may name a view without a version, so another current version can break a service applied long ago. */
    private static void checkTogether(List<Document> documents, Map<String, Integer> current) {
        try {
            parse(documents, current);
        } catch (InvalidDefinitionsException e) {
            throw new RegistryConflictException(
                    List.of("The definitions do not go together with those applied before:\n" + e.getMessage()
                            + notTheGreatest(documents, current)));
        }
    }

    /** Files do not show which version a name stands for when its greatest has not taken over. */
    private static String notTheGreatest(List<Document> documents, Map<String, Integer> current) {
        return CurrentVersions.with(Map.of(), documents).entrySet().stream()
                .filter(greatest -> current.getOrDefault(greatest.getKey(), 0) < greatest.getValue())
                .map(greatest -> "\nWithout a version, " + greatest.getKey() + " means " + greatest.getKey() + "@"
                        + current.get(greatest.getKey()) + " until " + greatest.getKey() + "@" + greatest.getValue()
                        + " takes over.")
                .sorted()
                .collect(Collectors.joining());
    }

    private static Definitions parse(List<Document> documents, Map<String, Integer> current)
            throws InvalidDefinitionsException {
        if (documents.isEmpty()) {
            return new Definitions(List.of(), List.of(), List.of(), List.of(), List.of());
        }
        List<DefinitionReader.Text> texts = new ArrayList<>();
        for (Document document : documents) {
            texts.add(new DefinitionReader.Text("registry: " + DefinitionId.of(document), document.json()));
        }
        return DefinitionReader.read(texts, current);
    }

    private static List<String> names(List<Document> documents) {
        return documents.stream()
                .map(document -> DefinitionId.of(document).toString())
                .toList();
    }

    /**
     * What {@link #apply} did; each definition as its kind and name, for example {@code FeatureView edits@1}.
     *
     * @param added were not there before
     * @param changed replace what was there
     * @param unchanged were there already
     */
    public record Applied(List<String> added, List<String> changed, List<String> unchanged) {}
}
