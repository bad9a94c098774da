package dev.tidemark.stores;

/**
 * Any Java string as a text that Postgres takes, and back. Postgres refuses U+0000, and half of a surrogate pair has no UTF-8
 * form. These, and the mark itself, are written as the mark and four hexadecimal digits; every other string stays as it is.
 */
final class SqlText {
    /** A code point that Unicode keeps for uses like this one; it does not occur in text. */
    private static final char MARK = '\uFFFE';

    private static final int HEX_DIGITS = 4;

    private SqlText() {}

    static String escape(String text) {
        if (text.codePoints().noneMatch(SqlText::needsEscape)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (needsEscape(point)) {
                escaped.append(MARK).append(String.format("%04x", point));
            } else {
                escaped.appendCodePoint(point);
            }
        });
        return escaped.toString();
    }

    static String unescape(String text) {
        if (text.indexOf(MARK) < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit == MARK) {
                unit = (char) Integer.parseInt(text, i + 1, i + 1 + HEX_DIGITS, 16);
                i += HEX_DIGITS;
            }
            plain.append(unit);
        }
        return plain.toString();
    }

    private static boolean needsEscape(int point) {
        return point == 0 || point == MARK || point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }
}
