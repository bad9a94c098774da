package dev.tidemark.jobs.audit;

import dev.tidemark.jobs.JobSetupException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records on their way to a comparison, in temporary files by the hash of their entity: what belongs to an entity lies in the
 * bucket of the same number, wherever it came from, and one bucket at a time fits into memory.
 */
final class Buckets implements AutoCloseable {
    static final int COUNT = 64;

    private final @Nullable FileChannel[] files = new FileChannel[COUNT];
    private final @Nullable DataOutputStream[] outs = new DataOutputStream[COUNT];

    /** Writes or reads one record. */
    @FunctionalInterface
    interface Step<S> {
        void run(S stream) throws IOException;
    }

    /** A temporary file cannot be used. */
    static final class Failure extends UncheckedIOException {
        private static final long serialVersionUID = 1L;

        Failure(String attempted, IOException cause) {
            super(attempted + ": " + cause.getMessage(), cause);
        }

        /** The same with what the user can do. */
        JobSetupException mendable() {
            return new JobSetupException(List.of(getMessage() + ". Temporary files are in "
                    + System.getProperty("java.io.tmpdir")
                    + "; make room there, or set JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR to have them elsewhere."));
        }
    }

    /**
     * Adds a record of an entity.
     *
     * @throws Failure if the disk is full, for example
     */
    void add(String key, Step<DataOutputStream> record) {
        try {
            record.run(out(Math.floorMod(key.hashCode() * 0x9E3779B9 >>> 8, COUNT)));
        } catch (IOException e) {
            throw new Failure("Could not write a temporary file", e);
        }
    }

    /**
     * Reads all records of a bucket, one a step. Nothing can be added to it afterwards.
     *
     * @throws Failure if the disk is full, for example
     */
    void read(int bucket, Step<DataInputStream> record) {
        DataOutputStream out = outs[bucket];
        FileChannel file = files[bucket];
        if (out == null || file == null) {
            return;
        }
        try {
            out.flush();
            file.position(0);
            InputStream buffered = new BufferedInputStream(Channels.newInputStream(file), 1 << 16);
            DataInputStream in = new DataInputStream(buffered);
            while (!atEnd(buffered)) {
                record.run(in);
            }
        } catch (IOException e) {
            throw new Failure("Could not read a temporary file", e);
        }
    }

    private DataOutputStream out(int bucket) throws IOException {
        DataOutputStream known = outs[bucket];
        if (known != null) {
            return known;
        }
        Path path = Files.createTempFile("tidemark-audit", ".bucket");
        // Gone from the directory at once, so that nothing stays behind however the process ends.
        FileChannel file = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(file), 1 << 13));
        files[bucket] = file;
        outs[bucket] = out;
        return out;
    }

    private static boolean atEnd(InputStream in) throws IOException {
        in.mark(1);
        int next = in.read();
        in.reset();
        return next < 0;
    }

    @Override
    public void close() {
        for (FileChannel file : files) {
            try {
                if (file != null) {
                    file.close();
                }
            } catch (IOException e) {
                // A temporary file that has no name any more; the end of the process closes it.
            }
        }
    }
}
