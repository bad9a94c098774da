package dev.tidemark.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.defs.Source;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;
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
                publish(line, shift, publisher);
            }
        }
        publisher.flush();
    }

    @Override
    public String description() {
        return file.getFileName() + (shiftTo == null ? ", its times as they are" : ", shifted so that it ends now");
    }

    private void publish(String line, long shift, EventPublisher publisher) {
        ObjectNode event = parse(line);
        OptionalLong time = event == null ? OptionalLong.empty() : time(event);
        if (event == null || time.isEmpty()) {
            if (!line.isBlank()) {
                publisher.publishRaw(line);
            }
            return;
        }
        if (shift != 0) {
            setTime(event, time.getAsLong() + shift);
        }
        publisher.publish(event);
    }

    /** Milliseconds from the greatest event time in the file to the present. */
    private long shift(Clock clock) throws IOException {
        long greatest = Long.MIN_VALUE;
        try (BufferedReader lines = open()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                ObjectNode event = parse(line);
                OptionalLong time = event == null ? OptionalLong.empty() : time(event);
                greatest = Math.max(greatest, time.orElse(Long.MIN_VALUE));
            }
        }
        return greatest == Long.MIN_VALUE ? 0 : clock.millis() - greatest;
    }

    private static @Nullable ObjectNode parse(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            return node instanceof ObjectNode object ? object : null;
        } catch (JsonProcessingException e) {
            // It is published as it is, for the job to refuse.
            return null;
        }
    }

    /** The event time in epoch milliseconds; empty if the event has none that can be read. */
    private OptionalLong time(ObjectNode event) {
        JsonNode value = event.path(source.eventTime().column());
        if (value.isTextual()) {
            try {
                return OptionalLong.of(DateTimeFormatter.ISO_OFFSET_DATE_TIME
                        .parse(value.textValue(), Instant::from)
                        .toEpochMilli());
            } catch (DateTimeException e) {
                return OptionalLong.empty();
            }
        }
        return value.isIntegralNumber()
                ? OptionalLong.of(Math.floorDiv(Math.multiplyExact(value.longValue(), numerator()), denominator()))
                : OptionalLong.empty();
    }

    private void setTime(ObjectNode event, long millis) {
        String column = source.eventTime().column();
        if (event.path(column).isTextual()) {
            event.put(column, CsvText.instant(millis));
        } else {
            event.put(column, Math.floorDiv(Math.multiplyExact(millis, denominator()), numerator()));
        }
    }

    /** Milliseconds are units times the numerator by the denominator. */
    private long numerator() {
        return source.eventTime().unit() == Source.Unit.SECONDS ? 1_000 : 1;
    }

    private long denominator() {
        return switch (source.eventTime().unit()) {
            case MICROS -> 1_000;
            case NANOS -> 1_000_000;
            default -> 1;
        };
    }

    private BufferedReader open() throws IOException {
        InputStream in = Files.newInputStream(file);
        InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in;
        return new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8), 1 << 16);
    }
}
