package dev.tidemark.defs;

import java.util.List;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/**
 * Where in a file the characters of a scalar stand.
 *
 * @param start the first character of the text
 * @param exact whether the text stands in the file as it is: no escapes, no folded lines
 */
record ScalarLayout(Place start, boolean exact) {

    /** The place of a character of the text, or of the scalar where the text is not written as it is. */
    Place at(int line, int column) {
        if (!exact) {
            return start;
        }
        // The lines of a block scalar are all indented as far as the first.
        return new Place(start.file(), start.line() + line - 1, start.column() + column);
    }

    /**
     * @param lines the lines of the file
     * @param place where the scalar begins, with its quote or its block indicator
     */
    static ScalarLayout of(List<String> lines, Place place, String text, ScalarStyle style) {
        if (style == ScalarStyle.LITERAL) {
            return literal(lines, place);
        }
        int quote = style == ScalarStyle.SINGLE_QUOTED || style == ScalarStyle.DOUBLE_QUOTED ? 1 : 0;
        Place start = new Place(place.file(), place.line(), place.column() + quote);
        boolean exact = style != ScalarStyle.FOLDED && standsAt(lines, start, text);
        return new ScalarLayout(exact ? start : place, exact);
    }

    private static ScalarLayout literal(List<String> lines, Place place) {
        for (int line = place.line(); line < lines.size(); line++) {
            String content = lines.get(line);
            if (!content.isBlank()) {
                int indent = content.length() - content.stripLeading().length();
                return new ScalarLayout(new Place(place.file(), place.line() + 1, indent + 1), true);
            }
        }
        return new ScalarLayout(place, false);
    }

    private static boolean standsAt(List<String> lines, Place start, String text) {
        if (start.line() > lines.size()) {
            return false;
        }
        String line = lines.get(start.line() - 1);
        int length = line.codePointCount(0, line.length());
        return start.column() - 1 <= length && line.startsWith(text, line.offsetByCodePoints(0, start.column() - 1));
    }
}
