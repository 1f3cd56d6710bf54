package org.jllm.prompt.jinja;

/** A template that cannot be parsed or rendered. */
public final class JinjaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Kind {
        /** The template is not Jinja. */
        SYNTAX,
        /** The template called {@code raise_exception}; the message is its own. */
        RAISED,
        /** An operation that Python would refuse, too. */
        RUNTIME,
        /** The template does too much. */
        LIMIT
    }

    private final Kind kind;

    JinjaException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    static JinjaException syntax(int line, String message) {
        return new JinjaException(Kind.SYNTAX, "line " + line + ": " + message);
    }

    static JinjaException runtime(String message) {
        return new JinjaException(Kind.RUNTIME, message);
    }

    static JinjaException limit(String message) {
        return new JinjaException(Kind.LIMIT, message);
    }

    public Kind kind() {
        return kind;
    }
}
