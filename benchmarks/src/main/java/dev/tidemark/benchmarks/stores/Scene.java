package dev.tidemark.benchmarks.stores;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.jobs.FeatureJob;
import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import redis.clients.jedis.RedisClient;

/** The servers, and one view of a topic. */
final class Scene implements AutoCloseable {
    private static final String TOPIC = "events";

    private final Sandbox sandbox = Sandbox.start();
    private final Definitions definitions;
    private int databases;

    Scene() throws IOException, InvalidDefinitionsException {
        try (InputStream yaml = Objects.requireNonNull(Scene.class.getResourceAsStream("pipeline.yaml"))) {
            String text = new String(yaml.readAllBytes(), StandardCharsets.UTF_8);
            definitions = DefinitionReader.read(List.of(new DefinitionReader.Text("pipeline.yaml", text)));
        }
        sandbox.createTopic(TOPIC, EventLog.PARTITIONS);
    }

    String kafka() {
        return sandbox.kafkaBootstrap();
    }

    EventLog log() {
        return new EventLog(TOPIC);
    }

    Definitions definitions() {
        return definitions;
    }

    FeatureView view() {
        return definitions.views().get(0);
    }

    /** Stores in which nothing is: another database, and the same Redis emptied. */
    FeatureJob.Connections emptyStores() throws SQLException {
        String name = "run" + databases++;
        try (Postgres postgres = Postgres.connect(sandbox.postgresJdbcUrl(), null, null);
                Connection connection = postgres.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        }
        String url = sandbox.postgresJdbcUrl().replaceFirst("(//[^/]+/)[^?]*", "$1" + name);
        try (Postgres postgres = Postgres.connect(url, null, null)) {
            Registry.open(postgres).apply(definitions);
        }
        try (RedisClient redis = RedisClient.create(URI.create(sandbox.redisUri()))) {
            redis.flushAll();
        }
        return new FeatureJob.Connections(kafka(), url, null, null, sandbox.redisUri());
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
