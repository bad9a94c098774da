package dev.tidemark.serving;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whom a request asks about: one column per join key, as the client sent the values.
 *
 * @param columns by join key, in the request's order; all of length {@code rows}
 */
record EntityTable(Map<String, List<JsonNode>> columns, int rows) {
    /** How many rows one request may ask for. */
    static final int MAX_ROWS = 10_000;

    private static final String FORMS = "entities must be an object with a list for each join key, such as"
            + " {\"user\": [\"ann\", \"bob\"]}, or a list of objects, such as [{\"user\": \"ann\"}, {\"user\": \"bob\"}]";

    /**
     * Reads either form of {@code entities}.
     *
     * @throws ApiException if it has neither form, or rows and columns do not make a table
     */
    static EntityTable parse(JsonNode node) {
        Map<String, List<JsonNode>> columns;
        if (node.isObject()) {
            columns = fromColumns(node);
        } else if (node.isArray()) {
            columns = fromRows(node);
        } else {
            throw ApiException.unprocessable(FORMS + "; it is " + Shown.json(node) + ".");
        }
        int rows = columns.values().stream().mapToInt(List::size).findFirst().orElse(0);
        if (rows > MAX_ROWS) {
            throw ApiException.unprocessable(
                    "entities has " + rows + " rows; one request may have " + MAX_ROWS + ". Send several requests.");
        }
        return new EntityTable(columns, rows);
    }

    private static Map<String, List<JsonNode>> fromColumns(JsonNode node) {
        Map<String, List<JsonNode>> columns = new LinkedHashMap<>();
        node.properties().forEach(column -> {
            if (!column.getValue().isArray()) {
                throw ApiException.unprocessable(FORMS + "; entities." + Shown.text(column.getKey()) + " is "
                        + Shown.json(column.getValue()) + ".");
            }
            List<JsonNode> values = new ArrayList<>();
            column.getValue().forEach(values::add);
            columns.put(column.getKey(), values);
        });
        if (columns.values().stream().map(List::size).distinct().count() > 1) {
            Map<String, Integer> lengths = new LinkedHashMap<>();
            columns.forEach((name, values) -> lengths.put(Shown.text(name), values.size()));
            throw ApiException.unprocessable(
                    "All lists in entities must be of one length, but they are: " + lengths + ".");
        }
        return columns;
    }

    private static Map<String, List<JsonNode>> fromRows(JsonNode node) {
        Map<String, List<JsonNode>> columns = new LinkedHashMap<>();
        for (int i = 0; i < node.size(); i++) {
            JsonNode row = node.get(i);
            if (!row.isObject()) {
                throw ApiException.unprocessable(FORMS + "; entities[" + i + "] is " + Shown.json(row) + ".");
            }
            if (i == 0) {
                row.fieldNames().forEachRemaining(name -> columns.put(name, new ArrayList<>()));
            }
            if (row.size() != columns.size()) {
                throw ragged(i, row, columns);
            }
            for (Map.Entry<String, JsonNode> cell : row.properties()) {
                List<JsonNode> column = columns.get(cell.getKey());
                if (column == null) {
                    throw ragged(i, row, columns);
                }
                column.add(cell.getValue());
            }
        }
        return columns;
    }

    private static ApiException ragged(int index, JsonNode row, Map<String, List<JsonNode>> columns) {
        List<String> names = new ArrayList<>();
        row.fieldNames().forEachRemaining(names::add);
        return ApiException.unprocessable("All rows of entities must have the same join keys, but entities[0] has "
                + Shown.text(columns.keySet().toString()) + " and entities[" + index + "] has "
                + Shown.text(names.toString()) + ".");
    }
}
