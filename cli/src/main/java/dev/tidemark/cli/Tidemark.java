package dev.tidemark.cli;

import dev.tidemark.defs.Durations;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code tidemark} command. */
@Command(
        name = "tidemark",
        description = "A streaming feature store: online, offline and replay agree to the last bit.",
        mixinStandardHelpOptions = true,
        versionProvider = Tidemark.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            ValidateCommand.class,
            DryRunCommand.class,
            GetCommand.class,
            ApplyCommand.class,
            SubmitCommand.class,
            JobsCommand.class,
            SavepointCommand.class,
            StopCommand.class,
            UpgradeCommand.class,
            BackfillCommand.class,
            AuditCommand.class,
            TakeoverCommand.class,
            RebuildOnlineCommand.class,
            DeadLettersCommand.class
        })
public final class Tidemark {
    private Tidemark() {}

    /** Runs the command and ends the process: 0 if all is well, 2 if the input is at fault, 1 if something failed. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Tidemark())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Duration.class, Tidemark::duration)
                .setExecutionExceptionHandler(Failures::report);
    }

    /** Durations are written as in a definition. */
    private static Duration duration(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.TypeConversionException(e.getMessage());
        }
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Tidemark.class.getPackage().getImplementationVersion();
            return new String[] {"tidemark " + (version == null ? "(unpackaged)" : version)};
        }
    }
}
