package dev.tidemark.stores;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Where two JSON documents differ, one line per place: a JSON pointer, what was there and what is there now. */
final class JsonDifference {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_SHOWN = 120;

    private final List<String> lines = new ArrayList<>();

    private JsonDifference() {}

    /** The lines, in the order of the documents; at least one if the texts differ. */
    static List<String> between(String was, String is) {
        JsonDifference difference = new JsonDifference();
        try {
            difference.compare("", JSON.readTree(was), JSON.readTree(is));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "A definition in the registry is not JSON: " + e.getOriginalMessage(), e);
        }
        if (difference.lines.isEmpty() && !was.equals(is)) {
            difference.lines.add("the order of the members differs: was " + shown(was) + ", is " + shown(is));
        }
        return difference.lines;
    }

    private void compare(String pointer, JsonNode was, JsonNode is) {
        if (was.isObject() && is.isObject()) {
            Set<String> names = new LinkedHashSet<>();
            was.fieldNames().forEachRemaining(names::add);
            is.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(pointer + "/" + escaped(name), was.path(name), is.path(name)));
        } else if (was.isArray() && is.isArray()) {
            for (int i = 0; i < Math.max(was.size(), is.size()); i++) {
                compare(pointer + "/" + i, was.path(i), is.path(i));
            }
        } else if (!was.equals(is)) {
            lines.add(pointer + ": was " + shown(was) + ", is " + shown(is));
        }
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() ? "absent" : shown(node.toString());
    }

    private static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
