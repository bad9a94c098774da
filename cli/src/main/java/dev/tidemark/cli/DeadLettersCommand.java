package dev.tidemark.cli;

import picocli.CommandLine.Command;

@Command(
        name = "dead-letters",
        description = "The records of a source that were refused: look at them, count them, put them back after a fix.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DeadLettersListCommand.class, DeadLettersCountCommand.class, DeadLettersRedriveCommand.class})
final class DeadLettersCommand {}
