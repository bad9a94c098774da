package dev.tidemark.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.defs.Source;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A file of JSON lines, published as fast as it goes, its event times shifted so that the greatest is the present. */
final class ReplayedFile implements EventFeed {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Source source;
    private final @Nullable Clock shiftTo;

    /**
     * A file for a source.
     *
     * @param shiftTo tells the present; null to leave the times as they are
     * @throws UserException if there is no such file
     */
    ReplayedFile(Path file, Source source, @Nullable Clock shiftTo) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new UserException("There is no file " + file + " to read events from.");
        }
        this.file = file;
        this.source = source;
        this.shiftTo = shiftTo;
    }

    @Override
    public void run(EventPublisher publisher) throws IOException {
        long shift = shiftTo == null ? 0 : shift(shiftTo);
        try (BufferedReader lines = open()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                if (!line.isBlank()) {
                    publish(record(line), shift, publisher);
                }
            }
        }
        publisher.flush();
    }

    @Override
    public String description() {
        return file.getFileName() + (shiftTo == null ? ", its times as they are" : ", shifted so that it ends now");
    }

    private void publish(ReplayedRecord record, long shift, EventPublisher publisher) throws IOException {
        byte[] bytes = record.shifted(shift);
        JsonNode event = record.time().isEmpty() ? null : parsed(bytes);
        if (event == null) {
            publisher.publishRaw(bytes);
        } else {
            publisher.publish(event, bytes);
        }
    }

    /** Null for what a tree cannot hold, such as a number of thousands of digits. */
    private static @Nullable JsonNode parsed(byte[] bytes) throws IOException {
        try {
            return JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** Milliseconds from the greatest event time in the file to the present. */
    private long shift(Clock clock) throws IOException {
        long greatest = Long.MIN_VALUE;
        try (BufferedReader lines = open()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                greatest = Math.max(greatest, record(line).time().orElse(Long.MIN_VALUE));
            }
        }
        return greatest == Long.MIN_VALUE ? 0 : clock.millis() - greatest;
    }

    private ReplayedRecord record(String line) {
        return ReplayedRecord.of(source, line.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Each byte becomes one character and back, so that a record that is no text arrives as it is. */
    private BufferedReader open() throws IOException {
        InputStream in = Files.newInputStream(file);
        InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in;
        return new BufferedReader(new InputStreamReader(plain, StandardCharsets.ISO_8859_1), 1 << 16);
    }
}
