package org.jllm.chat;

/** Where a chat is shown. Called by the thread that runs the chat. */
interface ChatView {
    /**
     * The next part of an answer.
     *
     * @return whether anybody still reads it; false cancels the answer
     */
    boolean text(String part);

    /** An answer has ended, also by being interrupted; {@code status} has its figures in one line. */
    void answered(String status);

    /** Information beside the answers; may have several lines. */
    void note(String message);

    /** One line that says what is wrong; it may come in the middle of an answer, which has ended then. */
    void error(String message);
}
