package dev.tidemark.defs;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelMutableAst;
import dev.cel.common.CelSource;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An expression that was parsed and checked against the columns in its reach.
 *
 * @param tree what the runtime evaluates; null if there are issues
 * @param columns the columns it uses
 * @param issues what is wrong with it; empty if nothing is
 */
record CelCheck(@Nullable CelAbstractSyntaxTree tree, SortedSet<String> columns, List<Issue> issues) {

    /** Something wrong in an expression. Line and column are positions in its text, from 1 and from 0. */
    record Issue(int line, int column, String message, @Nullable String suggestion) {}

    /** The type of the value as CEL sees it. */
    CelType type() {
        return tree == null ? SimpleType.DYN : tree.getResultType();
    }

    static CelCheck of(String text, Scope scope) {
        CelAbstractSyntaxTree parsed;
        try {
            parsed = CelLanguage.parse(text);
        } catch (CelValidationException e) {
            // After a syntax error the parser guesses; only its first complaint is about the text.
            return failed(new TreeSet<>(), List.of(issue(e.getErrors().get(0), text, scope)));
        }
        List<Issue> issues = new ArrayList<>();
        CelMutableAst tree = CelMutableAst.fromCelAst(parsed);
        CelNulls nulls =
                new CelNulls(lastId(parsed), (id, message) -> issues.add(at(parsed.getSource(), id, message, null)));
        nulls.rewrite(tree.expr());
        if (!issues.isEmpty()) {
            return failed(nulls.columns(), issues);
        }
        return check(text, tree, nulls.columns(), scope);
    }

    /** The names that an expression uses, of columns or not; none if it cannot be parsed. */
    static SortedSet<String> names(String text) {
        try {
            CelAbstractSyntaxTree parsed = CelLanguage.parse(text);
            CelNulls nulls = new CelNulls(lastId(parsed), (id, message) -> {});
            nulls.rewrite(CelMutableAst.fromCelAst(parsed).expr());
            return nulls.columns();
        } catch (CelValidationException e) {
            return new TreeSet<>();
        }
    }

    private static CelCheck check(String text, CelMutableAst tree, SortedSet<String> columns, Scope scope) {
        CelCompilerBuilder builder = CelLanguage.compiler();
        // What is not in scope may be no column at all but the first part of a function's name, such as math.abs.
        for (String column : columns) {
            if (scope.has(column) || !scope.isComplete()) {
                DataType type = scope.type(column);
                builder.addVar(column, type == null ? SimpleType.DYN : CelLanguage.celType(type));
                builder.addVar(CelLanguage.IS_NULL + column, SimpleType.BOOL);
            }
        }
        CelValidationResult result = builder.build().check(tree.toParsedAst(true));
        try {
            CelAbstractSyntaxTree checked = result.getAst();
            List<Issue> broken = CelConstants.broken(checked).stream()
                    .map(one -> at(checked.getSource(), one.id(), one.message(), one.suggestion()))
                    .toList();
            if (!broken.isEmpty()) {
                return failed(columns, broken);
            }
            columns.retainAll(scope.isComplete() ? scope.names() : columns);
            return new CelCheck(checked, columns, List.of());
        } catch (CelValidationException e) {
            return failed(
                    columns,
                    e.getErrors().stream()
                            .map(error -> issue(error, text, scope))
                            .distinct()
                            .toList());
        }
    }

    private static CelCheck failed(SortedSet<String> columns, List<Issue> issues) {
        return new CelCheck(null, columns, List.copyOf(issues));
    }

    private static long lastId(CelAbstractSyntaxTree tree) {
        return 1
                + tree.getSource().getPositionsMap().keySet().stream()
                        .mapToLong(Long::longValue)
                        .max()
                        .orElse(0);
    }

    private static Issue issue(CelIssue error, String text, Scope scope) {
        CelSourceLocation location = error.getSourceLocation();
        int line = Math.max(1, location.getLine());
        int column = Math.max(0, location.getColumn());
        return CelMessages.explain(line, column, error.getMessage(), text, scope);
    }

    private static Issue at(CelSource source, long id, String message, @Nullable String suggestion) {
        int offset = source.getPositionsMap().getOrDefault(id, 0);
        CelSourceLocation location = source.getOffsetLocation(offset).orElse(CelSourceLocation.of(1, 0));
        return new Issue(location.getLine(), location.getColumn(), message, suggestion);
    }
}
