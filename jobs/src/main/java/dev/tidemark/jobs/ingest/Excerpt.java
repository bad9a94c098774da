package dev.tidemark.jobs.ingest;

/** Shortens what a message quotes from a record. */
final class Excerpt {
    private static final int LONGEST = 120;

    private Excerpt() {}

    static String of(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
