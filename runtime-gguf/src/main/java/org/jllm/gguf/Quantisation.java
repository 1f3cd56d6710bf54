package org.jllm.gguf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jllm.api.EngineException;
import org.jllm.api.InvalidRequestException;
import org.jllm.gguf.binding.Llama;
import org.jllm.gguf.binding.LlamaQuantizeParams;
import org.jllm.machine.Machine;

/** The types that llama.cpp can write a model in, a choice of {@code enum llama_ftype}. */
enum Quantisation {
    F32(0),
    F16(1),
    Q4_0(2),
    Q8_0(7),
    Q3_K_M(12),
    Q4_K_S(14),
    Q4_K_M(15),
    Q5_K_M(17),
    Q6_K(18),
    BF16(32);

    private final int ftype;

    Quantisation(int ftype) {
        this.ftype = ftype;
    }

    /**
     * The type of a name.
     *
     * @throws InvalidRequestException if there is none; lists those that there are
     */
    static Quantisation of(String name) {
        return Arrays.stream(values())
                .filter(type -> type.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException("unknown type '" + name + "': known are "
                        + Arrays.stream(values())
                                .map(type -> type.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

    /** Whether it is the type that is written before anything is quantised. */
    boolean isPlain() {
        return this == F16;
    }

    String fileName() {
        return name().toLowerCase(Locale.ROOT) + ".gguf";
    }

    /** Writes a model in this type; a file that does not become complete does not stay. */
    Path write(Path from, Path to) {
        LlamaLog log = LlamaCpp.get().log();
        LlamaQuantizeParams params = Llama.llama_model_quantize_default_params();
        params.ftype = ftype;
        params.nthread = Machine.physicalCores();
        params.allow_requantize = 1;
        params.write();
        Path part = to.resolveSibling(to.getFileName() + ".part");
        log.forgetError();
        try {
            int status = Llama.llama_model_quantize(
                    LlamaCpp.text(from.toString()), LlamaCpp.text(part.toString()), params.getPointer());
            if (status != 0) {
                throw new EngineException("llama.cpp could not write " + to + ": "
                        + log.firstError().orElse("no reason was given"));
            }
            return Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new EngineException("cannot write " + to + ": " + e.getMessage(), e);
        } finally {
            part.toFile().delete();
        }
    }
}
