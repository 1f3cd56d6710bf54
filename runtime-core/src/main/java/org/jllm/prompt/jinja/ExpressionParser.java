package org.jllm.prompt.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jllm.prompt.jinja.Expression.ArgumentList;
import org.jspecify.annotations.Nullable;

/** Jinja's expressions, with its precedences. */
final class ExpressionParser {
    private static final int MOST_DEPTH = 100;
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenStream tokens;
    private int depth;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    Expression expression() {
        enter();
        Expression expression = or();
        while (tokens.skipName("if")) {
            Expression test = or();
            expression = new Expression.Conditional(test, expression, tokens.skipName("else") ? expression() : null);
        }
        depth--;
        return expression;
    }

    /** One expression, or several with commas between, which are a tuple. */
    Expression tuple(boolean conditional) {
        Expression first = conditional ? expression() : or();
        if (!tokens.current().is(",")) {
            return first;
        }
        List<Expression> elements = new ArrayList<>(List.of(first));
        while (tokens.skip(",")) {
            if (tokens.endsTuple()) {
                break;
            }
            elements.add(conditional ? expression() : or());
        }
        return new Expression.Elements(true, elements);
    }

    private void enter() {
        if (++depth > MOST_DEPTH) {
            throw tokens.error("the expression is nested too deeply");
        }
    }

    Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Expression.Logical(false, left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.Logical(true, left, not());
        }
        return left;
    }

    private Expression not() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        enter();
        Expression operand = not();
        depth--;
        return new Expression.Unary("not", operand);
    }

    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.kind() == Token.Kind.OPERATOR && COMPARISONS.contains(token.value())) {
                operators.add((String) tokens.next().value());
            } else if (tokens.skipName("in")) {
                operators.add("in");
            } else if (token.isName("not") && tokens.ahead().isName("in")) {
                tokens.next();
                tokens.next();
                operators.add("not in");
            } else {
                return operators.isEmpty() ? first : new Expression.Comparison(first, operators, others);
            }
            others.add(sum());
        }
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.current().is("+") || tokens.current().is("-")) {
            left = new Expression.Binary((String) tokens.next().value(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression first = product();
        if (!tokens.current().is("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (tokens.skip("~")) {
            parts.add(product());
        }
        return new Expression.Concatenation(parts);
    }

    private Expression product() {
        Expression left = power();
        while (tokens.current().is("*")
                || tokens.current().is("/")
                || tokens.current().is("//")
                || tokens.current().is("%")) {
            left = new Expression.Binary((String) tokens.next().value(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.skip("**")) {
            left = new Expression.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean filters) {
        enter();
        Expression expression = tokens.current().is("-") || tokens.current().is("+")
                ? new Expression.Unary((String) tokens.next().value(), unary(false))
                : primary();
        expression = postfix(expression);
        if (filters) {
            expression = filters(expression);
        }
        depth--;
        return expression;
    }

    Expression primary() {
        Token token = tokens.next();
        switch (token.kind()) {
            case NAME:
                return switch ((String) token.value()) {
                    case "true", "True" -> new Expression.Constant(true);
                    case "false", "False" -> new Expression.Constant(false);
                    case "none", "None" -> new Expression.Constant(None.NONE);
                    default -> new Expression.Name((String) token.value());
                };
            case STRING:
                StringBuilder text = new StringBuilder((String) token.value());
                while (tokens.current().kind() == Token.Kind.STRING) {
                    text.append(tokens.next().value());
                }
                return new Expression.Constant(Text.of(text.toString()));
            case INTEGER, FLOAT:
                return new Expression.Constant(token.value());
            default:
                if (token.is("(")) {
                    return parenthesis();
                } else if (token.is("[")) {
                    return new Expression.Elements(false, until("]"));
                } else if (token.is("{")) {
                    return dictionary();
                }
                throw JinjaException.syntax(token.line(), "unexpected " + token.describe());
        }
    }

    private Expression parenthesis() {
        Expression inner = tokens.current().is(")") ? new Expression.Elements(true, List.of()) : tuple(true);
        tokens.expect(")");
        return inner;
    }

    private List<Expression> until(String end) {
        List<Expression> elements = new ArrayList<>();
        while (!tokens.current().is(end)) {
            if (!elements.isEmpty()) {
                tokens.expect(",");
                if (tokens.current().is(end)) {
                    break;
                }
            }
            elements.add(expression());
        }
        tokens.expect(end);
        return elements;
    }

    private Expression dictionary() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.current().is("}")) {
            if (!keys.isEmpty()) {
                tokens.expect(",");
                if (tokens.current().is("}")) {
                    break;
                }
            }
            keys.add(expression());
            tokens.expect(":");
            values.add(expression());
        }
        tokens.expect("}");
        return new Expression.Dictionary(keys, values);
    }

    Expression postfix(Expression start) {
        Expression expression = start;
        while (true) {
            if (tokens.skip(".")) {
                Token name = tokens.next();
                if (name.kind() == Token.Kind.INTEGER) {
                    expression = new Expression.Item(expression, new Expression.Constant(name.value()));
                } else if (name.kind() == Token.Kind.NAME) {
                    expression = new Expression.Attribute(expression, (String) name.value());
                } else {
                    throw JinjaException.syntax(name.line(), "expected name or number, not " + name.describe());
                }
            } else if (tokens.skip("[")) {
                expression = subscript(expression);
            } else if (tokens.current().is("(")) {
                expression = new Expression.Call(expression, arguments());
            } else {
                return expression;
            }
        }
    }

    private Expression subscript(Expression target) {
        Expression start = tokens.current().is(":") ? null : expression();
        if (start != null && !tokens.current().is(":")) {
            List<Expression> keys = new ArrayList<>(List.of(start));
            while (tokens.skip(",")) {
                keys.add(expression());
            }
            tokens.expect("]");
            return new Expression.Item(target, keys.size() == 1 ? start : new Expression.Elements(true, keys));
        }
        tokens.expect(":");
        Expression stop = bound();
        Expression step = tokens.skip(":") ? bound() : null;
        tokens.expect("]");
        return new Expression.Slice(target, start, stop, step);
    }

    private @Nullable Expression bound() {
        return tokens.current().is(":") || tokens.current().is("]") ? null : expression();
    }

    Expression filters(Expression start) {
        Expression expression = start;
        while (true) {
            if (tokens.current().is("|")) {
                expression = filter(expression);
            } else if (tokens.skipName("is")) {
                expression = test(expression);
            } else if (tokens.current().is("(")) {
                expression = new Expression.Call(expression, arguments());
            } else {
                return expression;
            }
        }
    }

    /** All filters that follow; where there is no target, the bar before the first may be missing. */
    Expression.@Nullable Filter filterChain(boolean inline) {
        Expression.Filter filter = null;
        boolean first = inline;
        while (first || tokens.current().is("|")) {
            filter = first ? filterName(null) : filter(filter);
            first = false;
        }
        return filter;
    }

    private Expression.Filter filter(@Nullable Expression target) {
        tokens.expect("|");
        return filterName(target);
    }

    private Expression.Filter filterName(@Nullable Expression target) {
        String name = tokens.dottedName();
        if (!Filters.NAMES.containsKey(name) && !tokens.conditional()) {
            throw tokens.error("no filter named '" + name + "'");
        }
        return new Expression.Filter(target, name, tokens.current().is("(") ? arguments() : ArgumentList.EMPTY);
    }

    private Expression test(Expression target) {
        boolean negated = tokens.skipName("not");
        String name = tokens.dottedName();
        if (!Tests.NAMES.containsKey(name) && !tokens.conditional()) {
            throw tokens.error("no test named '" + name + "'");
        }
        ArgumentList arguments = ArgumentList.EMPTY;
        Token token = tokens.current();
        if (token.is("(")) {
            arguments = arguments();
        } else if (startsArgument(token)) {
            if (token.isName("is")) {
                throw tokens.error("you cannot chain multiple tests with is");
            }
            arguments = new ArgumentList(List.of(postfix(primary())), Map.of(), null, null);
        }
        Expression test = new Expression.Test(target, name, arguments);
        return negated ? new Expression.Unary("not", test) : test;
    }

    private static boolean startsArgument(Token token) {
        return switch (token.kind()) {
            case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
            case STRING, INTEGER, FLOAT -> true;
            default -> token.is("[") || token.is("{");
        };
    }

    ArgumentList arguments() {
        tokens.expect("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        Expression more = null;
        Expression moreNamed = null;
        boolean first = true;
        while (!tokens.current().is(")")) {
            if (!first) {
                tokens.expect(",");
                if (tokens.current().is(")")) {
                    break;
                }
            }
            first = false;
            if (tokens.skip("**")) {
                moreNamed = expression();
            } else if (tokens.skip("*")) {
                more = expression();
            } else if (tokens.current().kind() == Token.Kind.NAME
                    && tokens.ahead().is("=")) {
                String name = (String) tokens.next().value();
                tokens.next();
                named.put(name, expression());
            } else if (!named.isEmpty() || more != null || moreNamed != null) {
                throw tokens.error("a positional argument follows a named one");
            } else {
                positional.add(expression());
            }
        }
        tokens.expect(")");
        return new ArgumentList(positional, named, more, moreNamed);
    }
}
