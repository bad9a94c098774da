package dev.tidemark.defs;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a definition.
 *
 * @param file the file as the caller named it
 * @param line from 1
 * @param column from 1
 * @param message what is wrong, with the offending value, and why
 * @param suggestion what to write instead; null if there is no good guess
 */
public record Problem(String file, int line, int column, String message, @Nullable String suggestion) {
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + message + (suggestion == null ? "" : " " + suggestion);
    }
}
