package dev.tidemark.benchmarks.stores;

import dev.tidemark.benchmarks.Benchmark;
import dev.tidemark.benchmarks.Settings;
import dev.tidemark.benchmarks.Target;
import dev.tidemark.benchmarks.Turns;
import dev.tidemark.defs.FeatureView;
import dev.tidemark.sandbox.Sandbox;
import dev.tidemark.stores.Epoch;
import dev.tidemark.stores.HistoryLoader;
import dev.tidemark.stores.HistoryTable;
import dev.tidemark.stores.HistoryWrite;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresHistoryStore;
import dev.tidemark.stores.Registry;
import dev.tidemark.stores.Writer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.ByteStreamWriter;

/**
 * Rows into the history, against COPY of the same rows into the same table, with the same primary key, in batches of the same size; and the
 * same rows once more.
 */
final class HistoryWriting implements Benchmark {
    private static final int BATCHES_PER_SECOND = 5;

    @Override
    public List<Target> run(Settings settings, PrintStream figures) throws Exception {
        FeatureView view = Rows.VIEW;
        long batches = Math.max(1, settings.length().toSeconds() * BATCHES_PER_SECOND);
        figures.printf(
                Locale.ROOT,
                "%,d rows of %d features in batches of %,d; as many events a day as rows%n",
                batches * Rows.BATCH,
                view.features().size(),
                Rows.BATCH);
        try (Sandbox sandbox = Sandbox.start();
                Postgres postgres = Postgres.connect(sandbox.postgresJdbcUrl(), null, null)) {
            Registry.open(postgres);
            PostgresHistoryStore store = new PostgresHistoryStore(postgres);
            store.create(view);
            Epoch epoch = store.enter(view, new Writer(Writer.Line.LIVE, "benchmark", "run", "history/0", 0));
            try (Connection connection = postgres.dataSource().getConnection()) {
                Rows rows = new Rows(settings.workload());
                Table table = new Table(connection, HistoryTable.of(view).qualifiedName());
                return measure(
                        settings, figures, table, new HistoryLoader(connection, view, epoch), rows.batches(batches));
            }
        }
    }

    private static List<Target> measure(
            Settings settings,
            PrintStream figures,
            Table table,
            HistoryLoader loader,
            Iterable<List<HistoryWrite>> batches)
            throws Exception {
        List<byte[]> packed = new ArrayList<>();
        for (List<HistoryWrite> batch : batches) {
            loader.write(batch);
            packed.add(table.copyOut(batch));
        }
        List<Double> again = new ArrayList<>();
        Turns.Medians medians = Turns.of(
                settings.pairs(),
                () -> {
                    table.clear();
                    double fresh = Stopwatch.rate(figures, "new rows", "rows", () -> write(loader, batches));
                    again.add(Stopwatch.rate(figures, "the same rows again", "rows", () -> write(loader, batches)));
                    return fresh;
                },
                () -> {
                    table.clear();
                    return Stopwatch.rate(figures, "COPY", "rows", () -> {
                        for (byte[] batch : packed) {
                            table.copyIn(batch);
                        }
                        return (long) packed.size() * Rows.BATCH;
                    });
                });
        return List.of(
                new Target("history-write", medians.ratio(), "0.35"),
                new Target("history-write", Turns.median(again) / medians.ours(), "2"));
    }

    private static long write(HistoryLoader loader, Iterable<List<HistoryWrite>> batches) throws SQLException {
        long rows = 0;
        for (List<HistoryWrite> batch : batches) {
            loader.write(batch);
            rows += batch.size();
        }
        return rows;
    }

    /** The history table as Postgres sees it. */
    private record Table(Connection connection, String name) {
        void clear() throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("truncate " + name);
                // So that no run pays for what the one before left to be written.
                statement.execute("checkpoint");
            }
        }

        /** The rows of a batch as COPY gives and takes them. */
        byte[] copyOut(List<HistoryWrite> batch) throws SQLException, IOException {
            long from = batch.get(0).validFrom();
            long to = batch.get(batch.size() - 1).validFrom();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            copies().copyOut(
                            "copy (select * from " + name + " where valid_from between " + instant(from) + " and "
                                    + instant(to) + " order by valid_from) to stdout (format binary)",
                            bytes);
            return bytes.toByteArray();
        }

        void copyIn(byte[] batch) throws SQLException, IOException {
            copies().copyIn(
                            "copy " + name + " from stdin (format binary)",
                            ByteStreamWriter.of(ByteBuffer.wrap(batch)));
        }

        private CopyManager copies() throws SQLException {
            return connection.unwrap(PGConnection.class).getCopyAPI();
        }

        private static String instant(long millis) {
            return "to_timestamp(" + millis + " / 1000.0)";
        }
    }
}
