package dev.tidemark.stores;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Names of tables and columns. */
final class SqlName {
    /** Postgres silently cuts off what is longer. */
    static final int MAX_BYTES = 63;

    private static final int HASH_DIGITS = 12;

    private SqlName() {}

    /** The name itself, or, where Postgres would cut it, its beginning and a hash that tells it from its like. */
    static String fit(String name) {
        return fit(name, MAX_BYTES);
    }

    /** As {@link #fit(String)}, for fewer bytes. */
    static String fit(String name, int maxBytes) {
        if (bytes(name) <= maxBytes) {
            return name;
        }
        String hash =
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
        String suffix = "_" + hash.replace("-", "").substring(0, HASH_DIGITS);
        String start = name;
        while (bytes(start) > maxBytes - suffix.length()) {
            start = start.substring(0, start.offsetByCodePoints(start.length(), -1));
        }
        return start + suffix;
    }

    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A string as a constant of SQL. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }
}
