package dev.tidemark.defs;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the author may have meant. */
final class Suggestions {
    private static final int LISTED = 12;

    private Suggestions() {}

    /** "Did you mean 'windows'?", or what there is to choose from; null if there is nothing. */
    static @Nullable String of(String word, String plural, Collection<String> choices) {
        String closest = closest(word, choices);
        if (closest != null) {
            return "Did you mean '" + closest + "'?";
        }
        return choices.isEmpty() ? null : "The " + plural + " are: " + list(choices) + ".";
    }

    /** The choice that a slip of the keyboard would turn into the word; null if none is near. */
    static @Nullable String closest(String word, Collection<String> choices) {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String choice : choices) {
            int distance = distance(word.toLowerCase(Locale.ROOT), choice.toLowerCase(Locale.ROOT));
            if (distance < bestDistance && distance <= Math.max(word.length(), choice.length()) / 3) {
                best = choice;
                bestDistance = distance;
            }
        }
        return best;
    }

    static String list(Collection<String> words) {
        if (words.size() <= LISTED) {
            return String.join(", ", words);
        }
        return String.join(", ", words.stream().limit(LISTED).toList()) + " and " + (words.size() - LISTED) + " more";
    }

    /** How many letters must be inserted, removed, replaced or swapped with their neighbour. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
