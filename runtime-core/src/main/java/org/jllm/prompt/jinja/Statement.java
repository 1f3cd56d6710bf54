package org.jllm.prompt.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of a template. */
sealed interface Statement {
    record Data(Text text) implements Statement {}

    record Print(Expression expression) implements Statement {}

    /** Tests and bodies of {@code if} and {@code elif}, in order, then {@code else}. */
    record If(List<Expression> tests, List<List<Statement>> bodies, List<Statement> otherwise) implements Statement {}

    record For(
            Target target,
            Expression elements,
            @Nullable Expression test,
            boolean recursive,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    record Set(Target target, Expression value) implements Statement {}

    record SetBlock(Target target, Expression.@Nullable Filter filter, List<Statement> body) implements Statement {}

    record FilterBlock(Expression.Filter filter, List<Statement> body) implements Statement {}

    record With(List<Target> targets, List<Expression> values, List<Statement> body) implements Statement {}

    /** Statements without a scope of their own, such as {@code generation}. */
    record Group(List<Statement> body) implements Statement {}

    record DefineMacro(Signature signature, List<Statement> body) implements Statement {}

    record CallBlock(Signature caller, Expression.Call call, List<Statement> body) implements Statement {}

    /** Defaults belong to the last parameters. */
    record Signature(String name, List<String> parameters, List<Expression> defaults) {}

    /** What a value is assigned to. */
    sealed interface Target {
        record Variable(String name) implements Target {}

        record NamespaceAttribute(String namespace, String attribute) implements Target {}

        record Several(List<Target> targets) implements Target {}
    }
}
