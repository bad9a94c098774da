package dev.tidemark.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.files.LineFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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
     * @throws UserException if there is no such file, or it cannot be read
     */
    ReplayedFile(Path file, Source source, @Nullable Clock shiftTo) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new UserException("There is no file " + file + " to read events from.");
        }
        tryToRead(file);
        this.file = file;
        this.source = source;
        this.shiftTo = shiftTo;
    }

    @Override
    public void run(EventPublisher publisher) throws IOException {
        long shift = shiftTo == null ? 0 : shift(shiftTo);
        try (LineFile lines = LineFile.open(file)) {
            while (lines.next()) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                publish(ReplayedRecord.of(source, lines.line()), shift, publisher);
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
        try (LineFile lines = LineFile.open(file)) {
            while (lines.next()) {
                long time = ReplayedRecord.of(source, lines.line()).time().orElse(Long.MIN_VALUE);
                greatest = Math.max(greatest, time);
            }
        }
        return greatest == Long.MIN_VALUE ? 0 : clock.millis() - greatest;
    }

    /** Before the sandbox is started for nothing. */
    private static void tryToRead(Path file) {
        try (LineFile lines = LineFile.open(file)) {
            lines.next();
        } catch (IOException e) {
            throw new UserException(String.valueOf(e.getMessage()) + ".");
        }
    }
}
