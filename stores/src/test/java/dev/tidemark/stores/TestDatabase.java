package dev.tidemark.stores;

import dev.tidemark.sandbox.TestBackends;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;

/** A database for the tests of this module, which run one after the other. */
final class TestDatabase {
    private static final String URL = TestBackends.newDatabase();

    private TestDatabase() {}

    static Postgres connect() {
        return Postgres.connect(URL, null, null);
    }

    static Postgres connect(Duration moment) {
        return Postgres.connect(URL, null, null, moment);
    }

    /** As {@link #connect()}, to another database of the same server. */
    static Postgres connect(String database) {
        return Postgres.connect(URL.replaceFirst("/[^/?]*[?]", "/" + database + "?"), null, null);
    }

    /** As {@link #connect()}, over a relay. */
    static Postgres connect(SilentRelay relay, Duration moment) {
        URI server = URI.create(URL.substring("jdbc:".length()));
        relay.open(server.getHost(), server.getPort());
        String url = URL.replaceFirst("//[^/]*/", "//127.0.0.1:" + relay.port() + "/");
        return Postgres.connect(url, null, null, moment);
    }

    /** Drops everything that Tidemark made. */
    static void empty(Postgres postgres) {
        run(postgres, "drop schema if exists history cascade");
        run(postgres, "drop schema if exists history_parts cascade");
        run(postgres, "drop schema if exists tidemark cascade");
    }

    static void run(Postgres postgres, String sql) {
        try (var connection = postgres.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static String one(Postgres postgres, String sql) {
        try (var connection = postgres.dataSource().getConnection();
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
