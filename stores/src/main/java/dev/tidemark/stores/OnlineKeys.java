package dev.tidemark.stores;

import dev.tidemark.defs.FeatureView;
import dev.tidemark.engine.JoinKeys;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the online store: {@code tidemark:{<entity>:<join keys>}:<view>@<version>}. The braces are a hash tag, so that all
 * views of one entity lie in the same slot of a cluster.
 */
final class OnlineKeys {
    /** Matches the keys of all rows and no other. */
    static final String PATTERN = "tidemark:{*";

    private OnlineKeys() {}

    /** Of the hash with a field for each of a view's writers. */
    static byte[] frontier(FeatureView view) {
        return ("tidemark:frontier:" + view.id()).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] bytes(FeatureView view, String key) {
        return text(view, key).getBytes(StandardCharsets.UTF_8);
    }

    static String text(FeatureView view, String key) {
        return "tidemark:{" + view.entity().name() + ":" + wellFormed(key) + "}:" + view.id();
    }

    /** The key of a mark, which is no row's. */
    static String mark(String name) {
        return "tidemark:mark:" + name;
    }

    /** The entity whose row in a view lies under a key, as {@link JoinKeys} writes it; null if the key is not of that view. */
    static @Nullable String keyIn(String text, FeatureView view) {
        String start = "tidemark:{" + view.entity().name() + ":";
        String end = "}:" + view.id();
        if (!text.startsWith(start) || !text.endsWith(end) || text.length() < start.length() + end.length()) {
            return null;
        }
        String key = text.substring(start.length(), text.length() - end.length());
        // Once there and back, because halves of surrogate pairs are escaped in the key.
        return JoinKeys.encode(view.entity(), JoinKeys.decode(view.entity(), key));
    }

    /** Half of a surrogate pair has no UTF-8 form and would become a question mark; as a JSON escape it stays itself. */
    private static String wellFormed(String key) {
        if (!hasSurrogates(key)) {
            return key;
        }
        StringBuilder text = new StringBuilder(key.length() + 8);
        key.codePoints().forEach(point -> {
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                text.append(String.format("\\u%04x", point));
            } else {
                text.appendCodePoint(point);
            }
        });
        return text.toString();
    }

    private static boolean hasSurrogates(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (Character.isSurrogate(key.charAt(i))) {
                return true;
            }
        }
        return false;
    }
}
