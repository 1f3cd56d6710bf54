package org.jllm.prompt.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An expression of a template. */
sealed interface Expression {
    /** Its value; call {@link Interpreter#evaluate}, which counts, instead. */
    Object value(Interpreter in, Scope scope);

    record Constant(Object constant) implements Expression {
        @Override
        public Object value(Interpreter in, Scope scope) {
            return constant;
        }
    }

    record Name(String name) implements Expression {
        @Override
        public Object value(Interpreter in, Scope scope) {
            return scope.get(name);
        }
    }

    record Elements(boolean tuple, List<Expression> elements) implements Expression {
        @Override
        public Object value(Interpreter in, Scope scope) {
            List<Object> values = in.evaluateAll(elements, scope);
            return tuple ? Sequence.tuple(values) : Sequence.list(values);
        }
    }

    record Dictionary(List<Expression> keys, List<Expression> values) implements Expression {
        @Override
        public Object value(Interpreter in, Scope scope) {
            Map<Object, Object> dictionary = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                Object key = in.evaluate(keys.get(i), scope);
                dictionary.put(Values.key(key), in.evaluate(values.get(i), scope));
            }
            return dictionary;
        }
    }

    record Attribute(Expression target, String name) implements Expression {
        @Override
        public Object value(Interpreter in, Scope scope) {
            return in.members().attribute(in.evaluate(target, scope), name);
        }
    }

    record Item(Expression target, Expression key) implements Expression {
        @Override
        public Object value(Interpreter in, Scope scope) {
            Object object = in.evaluate(target, scope);
            return in.members().item(object, in.evaluate(key, scope));
        }
    }

    record Slice(
            Expression target,
            @Nullable Expression start,
            @Nullable Expression stop,
            @Nullable Expression step) implements Expression {
        @Override
        public Object value(Interpreter in, Scope scope) {
            Object object = in.evaluate(target, scope);
            return in.members().slice(object, bound(start, in, scope), bound(stop, in, scope), bound(step, in, scope));
        }

        private static @Nullable Long bound(@Nullable Expression bound, Interpreter in, Scope scope) {
            Object value = bound == null ? None.NONE : in.evaluate(bound, scope);
            return value instanceof None ? null : (Long) Values.asInteger(value);
        }
    }

    /** The arguments as they are written: plain, named, {@code *} and {@code **}. */
    record ArgumentList(
            List<Expression> positional,
            Map<String, Expression> named,
            @Nullable Expression more,
            @Nullable Expression moreNamed) {
        static final ArgumentList EMPTY = new ArgumentList(List.of(), Map.of(), null, null);

        Arguments evaluate(Interpreter in, Scope scope) {
            List<Object> values = in.evaluateAll(positional, scope);
            Map<String, Object> namedValues = new LinkedHashMap<>();
            named.forEach((name, value) -> namedValues.put(name, in.evaluate(value, scope)));
            if (more != null) {
                values = new ArrayList<>(values);
                values.addAll(in.values().iterate(in.evaluate(more, scope)));
            }
            if (moreNamed != null && in.evaluate(moreNamed, scope) instanceof Map<?, ?> map) {
                map.forEach((name, value) -> namedValues.put(name.toString(), value));
            }
            return new Arguments(values, namedValues);
        }
    }

    record Call(Expression function, ArgumentList arguments) implements Expression {
        @Override
        public Object value(Interpreter in, Scope scope) {
            Object callee = in.evaluate(function, scope);
            return in.call(callee, arguments.evaluate(in, scope));
        }
    }

    /** {@code target} is null in a filter block, whose text the interpreter gives. */
    record Filter(@Nullable Expression target, String name, ArgumentList arguments) implements Expression {
        @Override
        public Object value(Interpreter in, Scope scope) {
            return apply(in, scope, Text.EMPTY);
        }

        Object apply(Interpreter in, Scope scope, Object block) {
            Object value;
            if (target instanceof Filter inner) {
                value = inner.apply(in, scope, block);
            } else {
                value = target == null ? block : in.evaluate(target, scope);
            }
            return in.filter(name, value, arguments.evaluate(in, scope));
        }
    }

    record Test(Expression target, String name, ArgumentList arguments) implements Expression {
        @Override
        public Object value(Interpreter in, Scope scope) {
            Object value = in.evaluate(target, scope);
            return in.test(name, value, arguments.evaluate(in, scope));
        }
    }

    record Unary(String operator, Expression operand) implements Expression {
        @Override
        public Object value(Interpreter in, Scope scope) {
            Object value = in.evaluate(operand, scope);
            return operator.equals("not")
                    ? (Object) !Values.isTrue(value)
                    : in.arithmetic().unary(operator, value);
        }
    }

    record Binary(String operator, Expression left, Expression right) implements Expression {
        @Override
        public Object value(Interpreter in, Scope scope) {
            Object first = in.evaluate(left, scope);
            return in.arithmetic().binary(operator, first, in.evaluate(right, scope));
        }
    }

    /** {@code and}, {@code or}: the operand that decides. */
    record Logical(boolean and, Expression left, Expression right) implements Expression {
        @Override
        public Object value(Interpreter in, Scope scope) {
            Object first = in.evaluate(left, scope);
            return Values.isTrue(first) == and ? in.evaluate(right, scope) : first;
        }
    }

    record Concatenation(List<Expression> parts) implements Expression {
        @Override
        public Object value(Interpreter in, Scope scope) {
            TextBuilder text = new TextBuilder();
            for (Expression part : parts) {
                text.append(in.print(in.evaluate(part, scope)));
                in.budget().chars(1);
            }
            return text.toText();
        }
    }

    /** A chain: {@code a < b <= c}. */
    record Comparison(Expression first, List<String> operators, List<Expression> others) implements Expression {
        @Override
        public Object value(Interpreter in, Scope scope) {
            Object left = in.evaluate(first, scope);
            for (int i = 0; i < others.size(); i++) {
                Object right = in.evaluate(others.get(i), scope);
                if (!in.values().compare(operators.get(i), left, right)) {
                    return false;
                }
                left = right;
            }
            return true;
        }
    }

    record Conditional(
            Expression test, Expression then, @Nullable Expression otherwise) implements Expression {
        @Override
        public Object value(Interpreter in, Scope scope) {
            if (Values.isTrue(in.evaluate(test, scope))) {
                return in.evaluate(then, scope);
            }
            return otherwise == null
                    ? new Undefined("the inline if-expression evaluated to false and no else section was defined")
                    : in.evaluate(otherwise, scope);
        }
    }
}
