package dev.tidemark.defs;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelMutableExpr;
import dev.cel.common.ast.CelMutableExpr.CelMutableCall;
import dev.cel.common.ast.CelMutableExpr.CelMutableComprehension;
import dev.cel.common.ast.CelMutableExpr.CelMutableIdent;
import dev.cel.common.ast.CelMutableExpr.CelMutableMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives the nulls of a parsed expression the meaning they have in SQL, and notes the columns it uses.
 *
 * <p>A null column takes part in the evaluation as an unknown value, which spreads through operations and which {@code &&}
 * and {@code ||} absorb. Three things are rewritten before the types are checked: {@code x == null} becomes a question that
 * is never null, {@code ?:} with a null branch becomes a function that has the type of the other branch, and {@code &&} and {@code ||} inside another
 * operation are made strict, because the runtime would hand an error that they return to {@code ==} as if it were a value.
 */
final class CelNulls {
    private static final String EQUALS = "_==_";
    private static final String NOT_EQUALS = "_!=_";
    private static final String CONDITIONAL = "_?_:_";
    private static final String NOT = "!_";
    private static final Set<String> LOGICAL = Set.of("_&&_", "_||_", NOT);

    private final BiConsumer<Long, String> issues;
    private final SortedSet<String> columns = new TreeSet<>();
    private long lastId;

    /**
     * @param lastId the greatest id of a node
     * @param issues takes the id of a node and what is wrong there
     */
    CelNulls(long lastId, BiConsumer<Long, String> issues) {
        this.lastId = lastId;
        this.issues = issues;
    }

    /** The names of all columns that the rewritten expressions use. */
    SortedSet<String> columns() {
        return columns;
    }

    void rewrite(CelMutableExpr root) {
        rewrite(root, Set.of(), true);
    }

    /**
     * @param locals the variables of the macros around
     * @param takesErrors whether the operation around copes with an error returned as a value
     */
    private void rewrite(CelMutableExpr node, Set<String> locals, boolean takesErrors) {
        switch (node.getKind()) {
            case IDENT -> {
                if (!locals.contains(node.ident().name())) {
                    columns.add(node.ident().name());
                }
            }
            case CONSTANT -> {
                if (isNull(node)) {
                    issues.accept(
                            node.id(),
                            "null can be compared with a column (x == null) or be one branch of ?:, nothing else.");
                }
            }
            case CALL -> rewriteCall(node, locals, takesErrors);
            case SELECT -> rewrite(node.select().operand(), locals, false);
            case LIST -> node.list().elements().forEach(element -> rewrite(element, locals, false));
            case MAP -> {
                for (CelMutableMap.Entry entry : node.map().entries()) {
                    rewrite(entry.key(), locals, false);
                    rewrite(entry.value(), locals, false);
                }
            }
            case COMPREHENSION -> rewriteComprehension(node, locals, takesErrors);
            default -> {}
        }
    }

    private void rewriteCall(CelMutableExpr node, Set<String> locals, boolean takesErrors) {
        CelMutableCall call = node.call();
        List<CelMutableExpr> args = call.args();
        String function = call.function();
        if (function.equals(EQUALS) || function.equals(NOT_EQUALS)) {
            CelMutableExpr tested = comparedWithNull(args);
            if (tested != null) {
                rewriteNullTest(node, tested, function.equals(NOT_EQUALS), locals);
                return;
            }
        }
        if (function.equals(CONDITIONAL)) {
            rewriteConditional(node, locals, takesErrors);
            return;
        }
        boolean logical = LOGICAL.contains(function);
        call.target().ifPresent(target -> rewrite(target, locals, false));
        args.forEach(arg -> rewrite(arg, locals, logical));
        if (logical && !takesErrors && !function.equals(NOT)) {
            makeStrict(node);
        }
    }

    private void rewriteNullTest(CelMutableExpr node, CelMutableExpr tested, boolean negated, Set<String> locals) {
        if (tested.getKind() != Kind.IDENT || locals.contains(tested.ident().name())) {
            issues.accept(
                    node.id(),
                    isNull(tested) ? "null is compared with null." : "Only a column can be compared with null.");
            return;
        }
        String column = tested.ident().name();
        columns.add(column);
        CelMutableIdent question = CelMutableIdent.create(CelLanguage.IS_NULL + column);
        if (negated) {
            CelMutableExpr inner = CelMutableExpr.ofIdent(++lastId, question.name());
            node.setCall(CelMutableCall.create(NOT, inner));
        } else {
            node.setIdent(question);
        }
    }

    private void rewriteConditional(CelMutableExpr node, Set<String> locals, boolean takesErrors) {
        List<CelMutableExpr> args = node.call().args();
        boolean firstNull = isNull(args.get(1));
        boolean secondNull = isNull(args.get(2));
        if (firstNull && secondNull) {
            issues.accept(args.get(1).id(), "Both branches of ?: are null.");
        } else if (!firstNull && !secondNull) {
            rewrite(args.get(0), locals, true);
            rewrite(args.get(1), locals, takesErrors);
            rewrite(args.get(2), locals, takesErrors);
        } else {
            // That the other branch is evaluated in any case makes no difference: what fails is null as well.
            CelMutableExpr other = args.get(firstNull ? 2 : 1);
            rewrite(args.get(0), locals, false);
            rewrite(other, locals, false);
            node.setCall(CelMutableCall.create(
                    firstNull ? CelLanguage.NULL_IF : CelLanguage.NULL_UNLESS, args.get(0), other));
        }
    }

    private void rewriteComprehension(CelMutableExpr node, Set<String> locals, boolean takesErrors) {
        CelMutableComprehension loop = node.comprehension();
        rewrite(loop.iterRange(), locals, false);
        Set<String> inner = new HashSet<>(locals);
        inner.add(loop.iterVar());
        inner.add(loop.iterVar2());
        inner.add(loop.accuVar());
        rewrite(loop.accuInit(), inner, false);
        rewrite(loop.loopCondition(), inner, true);
        rewrite(loop.loopStep(), inner, true);
        rewrite(loop.result(), inner, true);
        boolean yesOrNo = loop.accuInit().getKind() == Kind.CONSTANT
                && loop.accuInit().constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE;
        if (yesOrNo && !takesErrors) {
            makeStrict(node);
        }
    }

    private void makeStrict(CelMutableExpr node) {
        CelMutableExpr inner = CelMutableExpr.newInstance(node);
        inner.setId(++lastId);
        node.setCall(CelMutableCall.create(CelLanguage.STRICT, inner));
    }

    /** What an equation compares with null; null if neither side is a null. */
    private static @Nullable CelMutableExpr comparedWithNull(List<CelMutableExpr> args) {
        if (isNull(args.get(1))) {
            return args.get(0);
        }
        return isNull(args.get(0)) ? args.get(1) : null;
    }

    private static boolean isNull(CelMutableExpr node) {
        return node.getKind() == Kind.CONSTANT && node.constant().getKind() == CelConstant.Kind.NULL_VALUE;
    }
}
