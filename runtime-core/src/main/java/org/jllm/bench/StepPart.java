package org.jllm.bench;

/** What the time of a step goes to. */
public enum StepPart {
    /** The engine's call into its library: the model itself. */
    NATIVE("native call"),
    /** What the engine does around that: checks, arguments, the way to its thread and back. */
    CALL("around the call"),
    /** Logits copied to Java. */
    LOGITS("logits"),
    /** Tokens chosen. */
    SAMPLING("sampling"),
    /** Tokens to text. */
    DECODING("decoding"),
    /** Stop strings, and the text so far. */
    TEXT("stop strings"),
    /** Text handed to the threads that wait for it. */
    DELIVERY("delivery"),
    /** All else of the loop: which rows come next, who leaves, who waits. */
    SCHEDULING("scheduling");

    private final String title;

    StepPart(String title) {
        this.title = title;
    }

    /** What it is called in a table. */
    public String title() {
        return title;
    }
}
