package dev.tidemark.jobs.files;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** A file of lines, plain or gzipped, as bytes: what is wrong with a line is for others to say. */
public final class LineFile implements Closeable {
    private static final int BUFFER = 1 << 16;
    private static final int GZIP_MAGIC = 0x1f8b;

    private final Path path;
    private final InputStream in;
    private byte[] line = {};
    private long number = -1;

    private LineFile(Path path, InputStream in) {
        this.path = path;
        this.in = in;
    }

    /**
     * Opens a file; its first bytes say whether it is gzipped.
     *
     * @throws IOException if it cannot be read; the message names the file
     */
    public static LineFile open(Path path) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(path), BUFFER);
        try {
            in.mark(2);
            int magic = in.read() << 8 | in.read();
            in.reset();
            return new LineFile(
                    path, magic == GZIP_MAGIC ? new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER) : in);
        } catch (IOException e) {
            in.close();
            throw unreadable(path, e);
        }
    }

    /**
     * Moves to the next line that is not blank.
     *
     * @return false if there is none
     * @throws IOException if the file cannot be read further; the message names the file
     */
    public boolean next() throws IOException {
        try {
            while (readLine()) {
                number++;
                if (!isBlank(line)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** The current line without its end. */
    public byte[] line() {
        return line;
    }

    /** The current line's number, from 0, blank lines included. */
    long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private boolean readLine() throws IOException {
        int next = in.read();
        if (next < 0) {
            return false;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.max(64, line.length));
        while (next >= 0 && next != '\n') {
            bytes.write(next);
            next = in.read();
        }
        line = bytes.toByteArray();
        return true;
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    private static IOException unreadable(Path path, IOException cause) {
        return new IOException("Could not read " + path + ": " + cause.getMessage(), cause);
    }
}
