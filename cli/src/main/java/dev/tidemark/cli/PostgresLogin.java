package dev.tidemark.cli;

import dev.tidemark.stores.Postgres;
import org.jspecify.annotations.Nullable;

/** Who the commands are for a database whose URL does not say it. */
final class PostgresLogin {
    private PostgresLogin() {}

    /**
     * Opens a database. User and password come from the URL, or else from the environment.
     *
     * @throws IllegalArgumentException if that is not the URL of a database
     */
    static Postgres connect(String url) {
        return Postgres.connect(url, user(), password());
    }

    static @Nullable String user() {
        return System.getenv("TIDEMARK_POSTGRES_USER");
    }

    static @Nullable String password() {
        return System.getenv("TIDEMARK_POSTGRES_PASSWORD");
    }
}
