package dev.tidemark.defs;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what CEL's compiler says in the words of the definition language. */
final class CelMessages {
    private static final Pattern OVERLOAD = Pattern.compile(
            "found no matching overload for '(.+?)' applied to '(.*?)\\((.*)\\)' \\(candidates.*", Pattern.DOTALL);
    private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '(.+?)'.*", Pattern.DOTALL);
    private static final Pattern OPERATOR = Pattern.compile("_?([^_\\w\\s]+|in)_?");

    private CelMessages() {}

    static CelCheck.Issue explain(int line, int column, String message, String text, Scope scope) {
        Matcher overload = OVERLOAD.matcher(message);
        if (overload.matches()) {
            String types = types(overload.group(3));
            return new CelCheck.Issue(
                    line, column, noOverload(overload.group(1), types), conversion(overload.group(1), types));
        }
        Matcher undeclared = UNDECLARED.matcher(message);
        if (undeclared.matches()) {
            String name = undeclared.group(1);
            if (isCalled(name, text)) {
                return new CelCheck.Issue(line, column, "There is no function '" + name + "'.", null);
            }
            return new CelCheck.Issue(
                    line,
                    column,
                    "There is no column '" + name + "' here.",
                    Suggestions.of(name, "columns", scope.names()));
        }
        return new CelCheck.Issue(line, column, sentence(message), null);
    }

    /** A type as the definition language spells it. */
    static String types(String cel) {
        return cel.replace("google.protobuf.Timestamp", "timestamp")
                .replace("google.protobuf.Duration", "duration")
                .replaceAll("\\bint\\b", "long")
                .replaceAll("\\bbool\\b", "boolean")
                .replaceAll("list\\(([^()]*)\\)", "list<$1>");
    }

    private static String noOverload(String function, String types) {
        if (function.equals("_?_:_")) {
            return "'?:' needs a boolean before '?' and two values of one type behind it, not (" + types + ").";
        }
        if (isConditional(function)) {
            return "'?:' needs a boolean before '?', not (" + types.substring(0, types.indexOf(',')) + ").";
        }
        if (function.equals("_[_]")) {
            return "'[ ]' does not apply to (" + types + ").";
        }
        Matcher operator = OPERATOR.matcher(function.replace("@", ""));
        if (operator.matches()) {
            return "'" + operator.group(1) + "' does not apply to (" + types + ").";
        }
        return "The function '" + function + "' does not take (" + types + ").";
    }

    /** Whether it is what ?: with a null branch becomes. */
    private static boolean isConditional(String function) {
        return function.equals(CelLanguage.NULL_IF) || function.equals(CelLanguage.NULL_UNLESS);
    }

    private static @Nullable String conversion(String function, String types) {
        if (isConditional(function)) {
            return "Compare first, for example x > 0.";
        }
        if (types.contains("decimal")) {
            return "A decimal can be tested for null or converted: double(x).";
        }
        if (function.equals("_[_]")) {
            return null;
        }
        if (types.contains("long") && types.contains("double")) {
            return "Convert one of them, for example double(x).";
        }
        if (types.contains("string") && (types.contains("long") || types.contains("double"))) {
            return "Convert one of them, for example string(x), or put the literal in quotes.";
        }
        if (Set.of("_&&_", "_||_", "!_").contains(function)) {
            return "Compare first, for example x > 0.";
        }
        return null;
    }

    private static boolean isCalled(String name, String text) {
        return Pattern.compile("(?<!\\w)" + Pattern.quote(name) + "\\s*\\(")
                .matcher(text)
                .find();
    }

    private static String sentence(String message) {
        if (message.contains("<EOF>")) {
            return "The expression is empty or ends too early.";
        }
        String plain = message.replaceAll(" expecting (\\{.*\\}|'.*'|<.*>)$", "")
                .replaceFirst("^(mismatched|extraneous) input ", "unexpected ")
                .replaceFirst("^no viable alternative at input ", "cannot make sense of ");
        return "The expression is not CEL: " + types(plain) + (plain.endsWith(".") ? "" : ".");
    }
}
