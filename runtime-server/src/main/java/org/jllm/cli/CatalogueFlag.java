package org.jllm.cli;

import java.nio.file.Path;
import org.jllm.Jllm;
import org.jllm.JllmBuilder;
import org.jllm.hub.PullObserver;
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
     * The runtime of the user who runs the process.
     *
     * @throws org.jllm.api.InvalidSettingException if the file or a setting is not as it has to be
     */
    Jllm jllm() {
        return jllm(PullObserver.NONE);
    }

    /** As {@link #jllm()}; what it downloads is told on standard error. */
    Jllm jllm(Console console) {
        return jllm(DownloadProgress.on(console));
    }

    private Jllm jllm(PullObserver observer) {
        JllmBuilder builder = Jllm.builder().downloads(observer);
        return catalogue == null
                ? builder.build()
                : builder.catalogue(catalogue).build();
    }
}
