package dev.tidemark.cli;

import dev.tidemark.sandbox.Backends;
import dev.tidemark.sandbox.TestBackends;

/**
 * The servers of a scene.
 *
 * @param postgres the URL of a database that nobody else uses, with user and password
 * @param redis the address of a database that nobody else uses
 */
record Servers(Backends backends, String postgres, String redis) {
    /** Those that all tests of the JVM share. */
    static Servers shared() {
        return new Servers(TestBackends.shared(), TestBackends.newDatabase(), TestBackends.newOnlineDatabase());
    }

    /** Those of a test that takes them away. */
    static Servers of(Backends own) {
        return new Servers(own, own.postgresJdbcUrl(), own.redisUri());
    }

    String kafka() {
        return backends.kafkaBootstrap();
    }
}
