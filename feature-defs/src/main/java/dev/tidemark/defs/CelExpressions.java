package dev.tidemark.defs;

/** Placeholder to be written. */
final class CelExpressions {
    private CelExpressions() {}

    static ExpressionProgram compile(Expression expression) {
        return values -> null;
    }
}
