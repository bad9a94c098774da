package dev.tidemark.defs;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelUnknownSet;
import org.jspecify.annotations.Nullable;

/**
 * CEL as Tidemark speaks it: the standard language with the string and math extensions, {@code double(decimal)}, and four
 * names that {@link CelNulls} puts in and no author can write, as none may contain an at sign.
 */
final class CelLanguage {
    /** A variable {@code @null:x} is true if the column x is null. */
    static final String IS_NULL = "@null:";
    /** A function of a condition and a value: null if the condition holds, the value if not. */
    static final String NULL_IF = "@null_if";
    /** A function of a condition and a value: the value if the condition holds, null if not. */
    static final String NULL_UNLESS = "@null_unless";
    /** A function that returns its argument and fails if that is an error. */
    static final String STRICT = "@strict";

    /** What stands for a null. CEL hands it through operations, and && and || absorb it as SQL wants. */
    static final CelUnknownSet NULL = CelUnknownSet.create(0L);

    static final CelType DECIMAL = OpaqueType.create("decimal");

    // Reserved words are for CEL's future; columns such as `namespace` are for today.
    private static final CelOptions OPTIONS = CelOptions.current()
            .enableReservedIds(false)
            .enableHeterogeneousNumericComparisons(true)
            .maxExpressionCodePointSize(20_000)
            .maxParseRecursionDepth(100)
            .comprehensionMaxIterations(100_000)
            .build();

    private static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS)
            .addLibraries(CelExtensions.strings(), CelExtensions.math(OPTIONS))
            .setStandardFunctions(CelNumbers.otherFunctions())
            .addFunctionBindings(CelNumbers.bindings(OPTIONS))
            .addFunctionBindings(
                    CelFunctionBinding.from("decimal_to_double", CelDecimal.class, CelDecimal::toDouble),
                    CelFunctionBinding.from(
                            NULL_IF, Boolean.class, Object.class, (holds, value) -> holds ? NULL : value),
                    CelFunctionBinding.from(
                            NULL_UNLESS, Boolean.class, Object.class, (holds, value) -> holds ? value : NULL),
                    CelFunctionBinding.from(STRICT, Boolean.class, bool -> bool))
            .build();

    private static final CelCompiler COMPILER = newCompiler();

    private CelLanguage() {}

    static CelRuntime runtime() {
        return RUNTIME;
    }

    /**
     * Parses an expression; its types are not checked.
     *
     * @throws CelValidationException if it is not CEL
     */
    static CelAbstractSyntaxTree parse(String text) throws CelValidationException {
        return COMPILER.parse(text).getAst();
    }

    /** A compiler that knows the language, but no column yet. */
    static CelCompilerBuilder compiler() {
        return COMPILER.toCompilerBuilder();
    }

    private static CelCompiler newCompiler() {
        TypeParamType any = TypeParamType.create("A");
        return CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(CelExtensions.strings(), CelExtensions.math(OPTIONS))
                .addFunctionDeclarations(
                        CelFunctionDecl.newFunctionDeclaration(
                                "double",
                                CelOverloadDecl.newGlobalOverload("decimal_to_double", SimpleType.DOUBLE, DECIMAL)),
                        CelFunctionDecl.newFunctionDeclaration(
                                NULL_IF, CelOverloadDecl.newGlobalOverload(NULL_IF, any, SimpleType.BOOL, any)),
                        CelFunctionDecl.newFunctionDeclaration(
                                NULL_UNLESS, CelOverloadDecl.newGlobalOverload(NULL_UNLESS, any, SimpleType.BOOL, any)),
                        CelFunctionDecl.newFunctionDeclaration(
                                STRICT, CelOverloadDecl.newGlobalOverload(STRICT, SimpleType.BOOL, SimpleType.BOOL)))
                .build();
    }

    /** The CEL type of a column. */
    static CelType celType(DataType type) {
        if (type instanceof DataType.Primitive primitive) {
            return switch (primitive) {
                case LONG -> SimpleType.INT;
                case DOUBLE -> SimpleType.DOUBLE;
                case BOOLEAN -> SimpleType.BOOL;
                case STRING -> SimpleType.STRING;
                case TIMESTAMP -> SimpleType.TIMESTAMP;
                case BYTES -> SimpleType.BYTES;
            };
        }
        return type instanceof DataType.ListOf list ? ListType.create(celType(list.element())) : DECIMAL;
    }

    /** The type of an expression's value; null if no column can be of it. */
    static @Nullable DataType dataType(CelType type) {
        for (DataType.Primitive primitive : DataType.Primitive.values()) {
            if (celType(primitive).equals(type)) {
                return primitive;
            }
        }
        if (type instanceof ListType list && list.hasElemType()) {
            DataType element = dataType(list.elemType());
            return element == null ? null : new DataType.ListOf(element);
        }
        return null;
    }
}
