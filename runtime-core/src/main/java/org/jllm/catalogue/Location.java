package org.jllm.catalogue;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jllm.api.InvalidRequestException;

/** Where the files of a model come from. */
public sealed interface Location {
    /** A model that is packed into the library. */
    record Embedded(String name) implements Location {}

    /** A folder in Hugging Face layout. */
    record Folder(Path path) implements Location {}

    /** A single {@code .gguf} file. */
    record File(Path path) implements Location {}

    /**
     * A repository of the Hugging Face hub.
     *
     * @param id {@code organisation/name}
     * @param revision a branch, a tag or a commit
     */
    record Repository(String id, String revision) implements Location {
        private static final String MAIN = "main";
        private static final Pattern REVISION =
                Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*");

        public Repository {
            if (!REVISION.matcher(revision).matches() || revision.length() > 200) {
                throw new InvalidRequestException(
                        "a revision is a branch, a tag or a commit, not " + ErrorText.quoted(revision));
            }
        }

        /** The repository as it stands on its main branch. */
        public Repository(String id) {
            this(id, MAIN);
        }

        /** {@code organisation/name}, and {@code @revision} where that is not the main branch. */
        public String text() {
            return revision.equals(MAIN) ? id : id + "@" + revision;
        }
    }

    /**
     * Files outside the hub, which a user has to get and then name by {@code path} in a catalogue of his own.
     *
     * @param advice where they are and what to do, or why there are none
     */
    record Elsewhere(String advice) implements Location {}
}
