package dev.tidemark.defs;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds texts in expressions that a function cannot make sense of, whatever the event, so that every value would be null. */
final class CelConstants {
    private CelConstants() {}

    /** A text that is none of what it should be, and the id of its node. */
    record Broken(long id, String message, @Nullable String suggestion) {}

    static List<Broken> broken(CelAbstractSyntaxTree tree) {
        return CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .map(CelNavigableExpr::expr)
                .filter(node -> node.exprKind().getKind() == Kind.CALL)
                .map(node -> broken(node.call()))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    private static @Nullable Broken broken(CelCall call) {
        if (call.args().isEmpty()) {
            return null;
        }
        CelExpr last = call.args().get(call.args().size() - 1);
        if (last.exprKind().getKind() != Kind.CONSTANT || last.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
            return null;
        }
        String text = last.constant().stringValue();
        String probe = probe(call.function());
        return probe == null || succeeds(probe, text) ? null : explain(call.function(), text, last.id());
    }

    /** A condition on a text that has a value if the function takes the text; null if it takes any. */
    private static @Nullable String probe(String function) {
        return switch (function) {
            case "matches" -> "''.matches(text)";
            case "timestamp" -> "timestamp(text) == timestamp(text)";
            case "duration" -> "duration(text) == duration(text)";
            default -> function.startsWith("get") ? "timestamp(0).getHours(text) >= 0" : null;
        };
    }

    /** Asks the runtime itself, as only it knows what it takes. */
    private static boolean succeeds(String probe, String text) {
        Expression condition = new Expression(probe, DataType.BOOLEAN, Map.of("text", DataType.STRING));
        return ExpressionProgram.compile(condition).evaluate(Map.of("text", text)) != null;
    }

    private static Broken explain(String function, String text, long id) {
        return switch (function) {
            case "matches" ->
                new Broken(
                        id,
                        "'" + text + "' is not a regular expression.",
                        "They are those of RE2: https://github.com/google/re2/wiki/Syntax.");
            case "timestamp" ->
                new Broken(id, "'" + text + "' is not a timestamp.", "Write, for example, '2026-01-31T12:00:00Z'.");
            case "duration" -> new Broken(id, "'" + text + "' is not a duration.", "Write, for example, '90s'.");
            default -> {
                String closest = Suggestions.closest(text, ZoneId.getAvailableZoneIds());
                yield new Broken(
                        id,
                        "There is no time zone '" + text + "'.",
                        closest == null ? "Write, for example, 'Europe/Berlin'." : "Did you mean '" + closest + "'?");
            }
        };
    }
}
