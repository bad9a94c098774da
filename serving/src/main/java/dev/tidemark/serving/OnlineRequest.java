package dev.tidemark.serving;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /get-online-features}.
 *
 * @param service the feature service to read; null if features are listed
 * @param features references as {@link Catalog#features} takes them; empty if a service is named
 * @param fullNames whether a column of the answer is named {@code view__feature}
 * @param positions whether the answer is to say which events its rows know
 * @param waitFor what must be in the rows; null if the request does not care
 */
record OnlineRequest(
        @Nullable String service,
        List<String> features,
        EntityTable entities,
        boolean fullNames,
        boolean positions,
        @Nullable WaitFor waitFor) {
    private static final String FORM =
            "The body must be a JSON object with entities and either features or feature_service.";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads a body.
     *
     * @throws ApiException if it is not JSON, or does not say what is wanted of whom
     */
    static OnlineRequest parse(byte[] body) {
        JsonNode root = readTree(body);
        if (root.isMissingNode()) {
            throw ApiException.malformed("The body is empty. " + FORM);
        }
        if (!root.isObject()) {
            throw ApiException.unprocessable(
                    "The body must be a JSON object with entities and features or feature_service.");
        }
        EntityTable entities = EntityTable.parse(root.path("entities"));
        boolean fullNames = flag("full_feature_names", root);
        boolean positions = flag("include_positions", root);
        JsonNode wait = root.path("wait_for");
        WaitFor waitFor = isGiven(wait) ? WaitFor.parse(wait) : null;
        JsonNode service = root.path("feature_service");
        if (isGiven(service)) {
            if (!service.isTextual()) {
                throw ApiException.unprocessable(
                        "feature_service must be the name of a feature service, not " + Shown.json(service) + ".");
            }
            return new OnlineRequest(service.textValue(), List.of(), entities, fullNames, positions, waitFor);
        }
        return new OnlineRequest(null, features(root.path("features")), entities, fullNames, positions, waitFor);
    }

    private static boolean flag(String name, JsonNode root) {
        JsonNode node = root.path(name);
        if (isGiven(node) && !node.isBoolean()) {
            throw ApiException.unprocessable(name + " must be true or false, not " + Shown.json(node) + ".");
        }
        return node.asBoolean();
    }

    private static JsonNode readTree(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")";
            throw ApiException.malformed(
                    "The body is not JSON: " + Shown.text(withoutSource(e.getOriginalMessage())) + where);
        } catch (IOException e) {
            throw ApiException.malformed("The body is not JSON: it is not UTF-8.");
        }
    }

    /** Jackson says where a container began in terms of Java objects. */
    private static String withoutSource(String message) {
        int source = message.indexOf(" (start marker at [Source");
        return source < 0 ? message : message.substring(0, source);
    }

    private static List<String> features(JsonNode node) {
        if (!isGiven(node)) {
            throw ApiException.unprocessable(
                    "Say what you want: features, a list such as [\"view:feature\"], or feature_service.");
        }
        if (!node.isArray() || node.isEmpty()) {
            throw ApiException.unprocessable(
                    "features must be a list such as [\"view:feature\"], not " + Shown.json(node) + ".");
        }
        List<String> features = new ArrayList<>();
        for (JsonNode element : node) {
            if (!element.isTextual()) {
                throw ApiException.unprocessable("features must contain strings, not " + Shown.json(element) + ".");
            }
            features.add(element.textValue());
        }
        return features;
    }

    private static boolean isGiven(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }
}
