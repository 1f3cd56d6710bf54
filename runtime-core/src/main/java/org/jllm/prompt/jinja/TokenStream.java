package org.jllm.prompt.jinja;

import java.util.List;

/** The tokens of a template, one after the other. */
final class TokenStream {
    private final List<Token> tokens;
    private int position;
    private int conditions;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(position);
    }

    Token ahead() {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = current();
        if (position < tokens.size() - 1) {
            position++;
        }
        return token;
    }

    boolean skip(String operator) {
        boolean found = current().is(operator);
        if (found) {
            next();
        }
        return found;
    }

    boolean skipName(String name) {
        boolean found = current().isName(name);
        if (found) {
            next();
        }
        return found;
    }

    void expect(String operator) {
        if (!skip(operator)) {
            throw error("expected '" + operator + "', not " + current().describe());
        }
    }

    Token expect(Token.Kind kind, String description) {
        if (current().kind() != kind) {
            throw error("expected " + description + ", not " + current().describe());
        }
        return next();
    }

    String name() {
        return (String) expect(Token.Kind.NAME, "a name").value();
    }

    String dottedName() {
        StringBuilder name = new StringBuilder(name());
        while (skip(".")) {
            name.append('.').append(name());
        }
        return name.toString();
    }

    boolean endsTuple() {
        Token token = current();
        return token.kind() == Token.Kind.VARIABLE_END
                || token.kind() == Token.Kind.BLOCK_END
                || token.is(")")
                || token.isName("in")
                || token.isName("recursive");
    }

    /** Inside an {@code if}, where an unknown filter is an error only when it is reached. */
    boolean conditional() {
        return conditions > 0;
    }

    void enterCondition() {
        conditions++;
    }

    void leaveCondition() {
        conditions--;
    }

    JinjaException error(String message) {
        return JinjaException.syntax(current().line(), message);
    }
}
