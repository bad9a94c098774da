package dev.tidemark.serving;

import com.fasterxml.jackson.databind.JsonNode;

/** A client's own values in messages to it, cut to a length that can be read. */
final class Shown {
    private static final int MAX_LENGTH = 100;

    private Shown() {}

    static String json(JsonNode node) {
        if (node.isMissingNode()) {
            return "missing";
        }
        // A large container need not be written out to show that it is one.
        return node.isContainerNode() && node.size() > MAX_LENGTH
                ? (node.isArray() ? "a list" : "an object") + " of " + node.size()
                : text(node.toString());
    }

    static String text(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "...";
    }
}
