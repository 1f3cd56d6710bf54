package org.jllm.cli;

import java.nio.file.Path;
import org.jllm.Jllm;
import org.jllm.JllmBuilder;
import org.jllm.catalogue.HubOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flag of every command that takes a model's name, and the runtime that knows the models. */
final class CatalogueFlag {
    @Option(
            names = "--catalogue",
            paramLabel = "FILE",
            description = "More models, or other facts of known ones, in the form of models.yaml.")
    private @Nullable Path catalogue;

    /**
     * The runtime of the user who runs the process, for commands that download nothing.
     *
     * @throws org.jllm.api.InvalidSettingException if the file or a setting is not as it has to be
     */
    Jllm jllm() {
        return jllm(Jllm.builder().hub(new HubOptions(null, null, true)));
    }

    /** As {@link #jllm()}, for commands that download what is not here, telling it on standard error. */
    Jllm jllm(Console console) {
        return jllm(Jllm.builder().downloads(DownloadProgress.on(console)));
    }

    private Jllm jllm(JllmBuilder builder) {
        return catalogue == null
                ? builder.build()
                : builder.catalogue(catalogue).build();
    }
}
