package dev.tidemark.defs;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What may be a name. */
final class Names {
    /** What a row has besides its join keys and features. */
    static final Set<String> RESERVED = Set.of("valid_from", "last_event_time", "now");

    /** What rows have besides that while they are written to the history. */
    private static final Set<String> OF_THE_HISTORY = Set.of("tidemark_epoch", "tidemark_deletes");

    /** What every table of Postgres has by itself. */
    private static final Set<String> OF_POSTGRES = Set.of("tableoid", "ctid", "xmin", "xmax", "cmin", "cmax");

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    private static final Set<String> WORDS_OF_EXPRESSIONS = Set.of("in", "true", "false", "null");

    /** What Postgres keeps of an identifier. */
    private static final int LONGEST = 63;

    private Names() {}

    /** Whether the name is made of the right characters; if not, that is reported. */
    static boolean checkForm(String kind, String name, Place place, Problems problems) {
        if (!NAME.matcher(name).matches()) {
            problems.report(
                    place,
                    "'" + name + "' cannot be the name of " + kind
                            + ": a name has letters, digits and underscores, and does not begin with a digit.",
                    suggestion(name));
            return false;
        }
        return true;
    }

    /** Whether the name may be used; if not, that is reported. */
    static boolean check(String kind, String name, Place place, Problems problems) {
        if (!checkForm(kind, name, place, problems)) {
            return false;
        }
        if (WORDS_OF_EXPRESSIONS.contains(name)) {
            problems.report(
                    place,
                    "'" + name + "' cannot be the name of " + kind + ": it is a word of the expression language.");
            return false;
        }
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST) {
            problems.report(
                    place,
                    "The name '" + name + "' of " + kind + " has " + length + " bytes; Postgres keeps only " + LONGEST
                            + ".",
                    "Shorten it.");
            return false;
        }
        return true;
    }

    /** As {@link #check}, for what becomes a column of a view's rows. */
    static boolean checkOutput(String kind, String name, Place place, Problems problems) {
        if (RESERVED.contains(name)) {
            problems.report(
                    place, "'" + name + "' cannot be the name of " + kind + ": every row has a column of that name.");
            return false;
        }
        if (OF_THE_HISTORY.contains(name)) {
            problems.report(
                    place,
                    "'" + name + "' cannot be the name of " + kind
                            + ": the history is written with a column of that name.");
            return false;
        }
        if (OF_POSTGRES.contains(name)) {
            problems.report(
                    place,
                    "'" + name + "' cannot be the name of " + kind
                            + ": every table of Postgres has a column of that name.");
            return false;
        }
        return check(kind, name, place, problems);
    }

    private static @Nullable String suggestion(String name) {
        String repaired = name.strip().replaceAll("[^a-zA-Z0-9_]+", "_");
        if (repaired.isEmpty() || repaired.matches("_*")) {
            return null;
        }
        return "Write, for example, '" + (NAME.matcher(repaired).matches() ? repaired : "_" + repaired) + "'.";
    }
}
