package org.jllm.catalogue;

/**
 * The prompt template that an entry names.
 *
 * @param name of a template, or the path of a file with a Jinja template
 * @param override whether it is right where the repository's own template is wrong
 * @param fromUser whether the user's own catalogue gives it
 */
public record TemplateChoice(String name, boolean override, boolean fromUser) {
    /** Whether it takes precedence over the template in the model's own files. */
    public boolean beforeRepository() {
        return override || fromUser;
    }

    @Override
    public String toString() {
        return name;
    }
}
