package dev.tidemark.engine.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The different values in a window and how often each is there, the most frequent first. */
final class OracleCounts {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();
    private static final String OTHER = "\u2026other";

    private final List<Counted> counted = new ArrayList<>();

    OracleCounts(List<Object> inputs) {
        List<Object> sorted = new ArrayList<>(inputs);
        sorted.sort(OracleAggregates::compare);
        int begin = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            if (i == sorted.size() || OracleAggregates.compare(sorted.get(i), sorted.get(begin)) != 0) {
                counted.add(new Counted(sorted.get(begin), i - begin));
                begin = i;
            }
        }
        // Sorting is stable: values that are equally frequent stay in their order.
        counted.sort(Comparator.comparing(Counted::times, Collections.reverseOrder()));
    }

    long distinct() {
        return counted.size();
    }

    List<Object> top(int k) {
        return counted.stream().limit(k).map(Counted::value).toList();
    }

    String histogram(int limit) {
        Map<String, Long> members = new LinkedHashMap<>();
        long other = 0;
        for (Counted each : counted) {
            if (members.size() == limit || each.value().equals(OTHER)) {
                other += each.times();
            } else {
                members.put(name(each.value()), each.times());
            }
        }
        if (other > 0) {
            members.put(OTHER, other);
        }
        return json(members);
    }

    private static String name(Object value) {
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        } else if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        return value instanceof Double ? json(value) : value.toString();
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Counted(Object value, long times) {}
}
