package dev.tidemark.jobs.ingest;

/** Which strings every store can hold. */
final class Texts {
    private Texts() {}

    /**
     * The text itself.
     *
     * @throws UnfitValueException if it has U+0000, which Postgres' text cannot hold, or half of a surrogate pair, which
     *     UTF-8 cannot carry
     */
    static String checked(String text) throws UnfitValueException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new UnfitValueException("the string holds the character U+0000, which no text store can keep.");
            } else if (Character.isSurrogate(c)) {
                boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
                if (!pair) {
                    throw new UnfitValueException("the string holds half of a surrogate pair, "
                            + String.format("U+%04X", (int) c) + ", which is no character.");
                }
                i++;
            }
        }
        return text;
    }

    /** How many bytes a text that passed {@link #checked} has in UTF-8. */
    static int utf8Length(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a pair counts for two of its four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
