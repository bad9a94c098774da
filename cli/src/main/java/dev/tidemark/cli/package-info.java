/**
 * The {@code tidemark} command: one class per subcommand, and what the demo shows. It joins all modules; nothing depends on it.
 */
@NullMarked
package dev.tidemark.cli;

import org.jspecify.annotations.NullMarked;
