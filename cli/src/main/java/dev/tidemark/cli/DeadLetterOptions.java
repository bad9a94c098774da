package dev.tidemark.cli;

import dev.tidemark.defs.Definitions;
import dev.tidemark.defs.InvalidDefinitionsException;
import dev.tidemark.defs.Source;
import dev.tidemark.jobs.JobSetupException;
import dev.tidemark.jobs.kafka.DeadLetterLog;
import dev.tidemark.jobs.record.RefusalReason;
import dev.tidemark.stores.Postgres;
import dev.tidemark.stores.PostgresException;
import dev.tidemark.stores.Registry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which dead letters a command is about. */
final class DeadLetterOptions {
    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--topic", paramLabel = "TOPIC", description = "The source's topic.")
    private @Nullable String topic;

    @Option(
            names = "--source",
            paramLabel = "NAME",
            description = "The source, in place of its topic; --defs or --postgres says what its topic is.")
    private @Nullable String source;

    @Option(names = "--defs", paramLabel = "DIR", description = "The definitions that --source is looked up in.")
    private @Nullable Path definitions;

    @Option(
            names = "--postgres",
            paramLabel = "JDBC_URL",
            defaultValue = "${env:TIDEMARK_POSTGRES_URL}",
            description = "The registry that --source is looked up in. Default: TIDEMARK_POSTGRES_URL.")
    private @Nullable String postgres;

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            split = ",",
            description = "Only letters with these reasons, or all: late, malformed, wrong_type, event_time,"
                    + " missing_key, key_too_long, behind_settled, unprocessable.")
    private List<String> reasons = List.of();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Only letters that were written at this time or later, such as 2026-01-31T12:00:00Z.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Only letters that were written before this time.")
    private @Nullable String to;

    String kafka() {
        return kafka.brokers();
    }

    /** Those that were named, or else the given ones; none for all. */
    private Set<String> reasonsOr(Set<String> otherwise) {
        if (reasons.isEmpty()) {
            return otherwise;
        } else if (reasons.equals(List.of("all"))) {
            return Set.of();
        }
        Set<String> known = Arrays.stream(RefusalReason.values())
                .map(RefusalReason::spelling)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        for (String reason : reasons) {
            if (!known.contains(reason)) {
                throw new UserException("--reason " + reason + " is none. There are all, or one or more of "
                        + String.join(", ", known) + ".");
            }
        }
        return new TreeSet<>(reasons);
    }

    DeadLetterLog.Selection selection() {
        return selection(Set.of());
    }

    /** The letters that were asked for, with the given reasons if none was named. */
    DeadLetterLog.Selection selection(Set<String> otherwise) {
        return new DeadLetterLog.Selection(reasonsOr(otherwise), instant("--from", from), instant("--to", to));
    }

    boolean namesReasons() {
        return !reasons.isEmpty();
    }

    boolean hasEnd() {
        return to != null;
    }

    DeadLetterLog open() throws JobSetupException, InvalidDefinitionsException {
        return DeadLetterLog.open(kafka.brokers(), topic());
    }

    /** @throws UserException if neither a topic nor a known source is given */
    String topic() throws InvalidDefinitionsException {
        if ((topic == null) == (source == null)) {
            throw new UserException("Which source? Give either --topic TOPIC or --source NAME.");
        } else if (source == null) {
            return String.valueOf(topic);
        }
        Definitions known = definitions();
        return known.sources().stream()
                .filter(candidate -> candidate.name().equals(source))
                .findFirst()
                .map(Source::topic)
                .orElseThrow(() -> new UserException("There is no source '" + source + "'. There are: "
                        + known.sources().stream().map(Source::name).toList() + "."));
    }

    private Definitions definitions() throws InvalidDefinitionsException {
        if (definitions != null) {
            return DefinitionFiles.read(definitions);
        } else if (postgres == null || postgres.isBlank()) {
            throw new UserException("Which topic has source " + source
                    + "? Give --defs DIR or --postgres JDBC_URL, or --topic in place of --source.");
        }
        try (Postgres database = PostgresLogin.connect(postgres)) {
            return Registry.open(database).load();
        } catch (PostgresException | IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Instant instant(String option, @Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new UserException(
                    option + " " + text + " is no time. Write it in UTC, such as 2026-01-31T12:00:00Z.");
        }
    }
}
