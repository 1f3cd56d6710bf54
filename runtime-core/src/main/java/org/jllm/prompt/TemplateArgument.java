package org.jllm.prompt;

import org.jllm.api.InvalidRequestException;

/** A whole number that a template takes behind its name. */
record TemplateArgument(String name, int usual, int least, int most) {
    /**
     * The number that a user wrote.
     *
     * @throws InvalidRequestException if it is none, or out of range
     */
    int parse(String text) {
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Below.
        }
        throw new InvalidRequestException("the template argument " + name + " must be a whole number from " + least
                + " to " + most + ", not '" + text + "'");
    }
}
