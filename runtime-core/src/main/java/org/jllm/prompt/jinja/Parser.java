package org.jllm.prompt.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jllm.prompt.jinja.Statement.Target;

/** Jinja's statements. */
final class Parser {
    private static final int MOST_DEPTH = 60;

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int depth;
    private int loops;

    private Parser(String source) {
        tokens = new TokenStream(Lexer.tokens(source));
        expressions = new ExpressionParser(tokens);
    }

    static List<Statement> parse(String source) {
        Parser parser = new Parser(source);
        return parser.statements(Set.of());
    }

    /** Statements up to one of these tags, whose name is the current token then. */
    private List<Statement> statements(Set<String> ends) {
        if (++depth > MOST_DEPTH) {
            throw tokens.error("the blocks are nested too deeply");
        }
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.next();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Data(Text.of((String) token.value())));
                case VARIABLE_BEGIN -> {
                    statements.add(new Statement.Print(expressions.tuple(true)));
                    tokens.expect(Token.Kind.VARIABLE_END, "end of print statement");
                }
                case BLOCK_BEGIN -> {
                    if (tokens.current().kind() == Token.Kind.NAME
                            && ends.contains((String) tokens.current().value())) {
                        depth--;
                        return statements;
                    }
                    statements.add(statement());
                    blockEnd();
                }
                default -> {
                    if (!ends.isEmpty()) {
                        throw tokens.error("unexpected end of template, expected " + String.join(" or ", ends));
                    }
                    depth--;
                    return statements;
                }
            }
        }
    }

    private void blockEnd() {
        tokens.expect(Token.Kind.BLOCK_END, "end of statement block");
    }

    /** The body of a tag and its end tag, up to the end of the block. */
    private List<Statement> body(String end) {
        blockEnd();
        List<Statement> body = statements(Set.of(end));
        tokens.next();
        return body;
    }

    private Statement statement() {
        Token tag = tokens.expect(Token.Kind.NAME, "a tag name");
        return switch ((String) tag.value()) {
            case "if" -> ifStatement();
            case "for" -> forStatement();
            case "set" -> setStatement();
            case "macro" -> {
                Statement.Signature signature = signature(tokens.name());
                yield new Statement.DefineMacro(signature, function("endmacro"));
            }
            case "call" -> callBlock();
            case "filter" -> {
                Expression.Filter filter = Objects.requireNonNull(expressions.filterChain(true));
                yield new Statement.FilterBlock(filter, body("endfilter"));
            }
            case "with" -> with();
            case "generation" -> new Statement.Group(body("endgeneration"));
            case "break", "continue" -> {
                if (loops == 0) {
                    throw JinjaException.syntax(tag.line(), "'" + tag.value() + "' outside of a loop");
                }
                yield tag.isName("break") ? new Statement.Break() : new Statement.Continue();
            }
            default -> throw JinjaException.syntax(tag.line(), "unknown tag '" + tag.value() + "'");
        };
    }

    private List<Statement> function(String end) {
        int outerLoops = loops;
        loops = 0;
        List<Statement> body = body(end);
        loops = outerLoops;
        return body;
    }

    private Statement ifStatement() {
        List<Expression> tests = new ArrayList<>();
        List<List<Statement>> bodies = new ArrayList<>();
        List<Statement> otherwise = List.of();
        tokens.enterCondition();
        String tag = "if";
        while (!tag.equals("endif")) {
            if (tag.equals("else")) {
                otherwise = body("endif");
                break;
            }
            tests.add(expressions.tuple(false));
            blockEnd();
            bodies.add(statements(Set.of("elif", "else", "endif")));
            tag = (String) tokens.next().value();
        }
        tokens.leaveCondition();
        return new Statement.If(tests, bodies, otherwise);
    }

    private Statement forStatement() {
        Target target = target(false);
        if (!tokens.skipName("in")) {
            throw tokens.error("expected 'in', not " + tokens.current().describe());
        }
        Expression elements = expressions.tuple(false);
        Expression test = tokens.skipName("if") ? expressions.expression() : null;
        boolean recursive = tokens.skipName("recursive");
        blockEnd();
        loops++;
        List<Statement> body = statements(Set.of("endfor", "else"));
        loops--;
        List<Statement> otherwise = tokens.next().isName("else") ? body("endfor") : List.of();
        return new Statement.For(target, elements, test, recursive, body, otherwise);
    }

    private Statement setStatement() {
        Target target = target(true);
        if (tokens.skip("=")) {
            return new Statement.Set(target, expressions.tuple(true));
        }
        Expression.Filter filter = expressions.filterChain(false);
        return new Statement.SetBlock(target, filter, body("endset"));
    }

    private Statement with() {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (tokens.current().kind() != Token.Kind.BLOCK_END) {
            if (!targets.isEmpty()) {
                tokens.expect(",");
            }
            targets.add(singleTarget(false));
            tokens.expect("=");
            values.add(expressions.expression());
        }
        return new Statement.With(targets, values, body("endwith"));
    }

    private Statement callBlock() {
        Statement.Signature caller = tokens.current().is("(")
                ? signature("caller")
                : new Statement.Signature("caller", List.of(), List.of());
        Token start = tokens.current();
        if (!(expressions.expression() instanceof Expression.Call call)) {
            throw JinjaException.syntax(start.line(), "expected a call");
        }
        return new Statement.CallBlock(caller, call, function("endcall"));
    }

    private Statement.Signature signature(String name) {
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        tokens.expect("(");
        while (!tokens.current().is(")")) {
            if (!parameters.isEmpty()) {
                tokens.expect(",");
            }
            parameters.add(tokens.name());
            if (tokens.skip("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw tokens.error("a parameter without default follows one with a default");
            }
        }
        tokens.expect(")");
        return new Statement.Signature(name, parameters, defaults);
    }

    private Target target(boolean namespace) {
        Target first = singleTarget(namespace);
        if (!tokens.current().is(",")) {
            return first;
        }
        List<Target> targets = new ArrayList<>(List.of(first));
        while (tokens.skip(",")) {
            if (tokens.endsTuple() || tokens.current().is("=")) {
                break;
            }
            targets.add(singleTarget(namespace));
        }
        return new Target.Several(targets);
    }

    private Target singleTarget(boolean namespace) {
        if (tokens.skip("(")) {
            Target inner = target(namespace);
            tokens.expect(")");
            return inner;
        }
        String name = tokens.name();
        if (namespace && tokens.skip(".")) {
            return new Target.NamespaceAttribute(name, tokens.name());
        }
        return new Target.Variable(name);
    }
}
