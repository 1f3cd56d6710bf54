package org.jllm.gguf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jllm.api.CapacityException;
import org.jllm.api.EngineException;
import org.jllm.bench.RandomModel;
import org.jllm.bench.RandomModelWriter;
import org.jllm.bench.TemporaryFolder;
import org.jllm.gguf.binding.Llama;
import org.jllm.gguf.binding.LlamaQuantizeParams;
import org.jllm.machine.Machine;

/** Random models as GGUF files, quantised by llama.cpp itself. */
public final class RandomGguf implements RandomModelWriter {
    @Override
    public String engine() {
        return "gguf";
    }

    @Override
    public Path write(String spec, String type, Path folder) {
        QuantizedType wanted = QuantizedType.of(type);
        QuantizedType plain = wanted.isPlain() ? wanted : QuantizedType.BF16;
        Path unquantized = folder.resolve("random-" + plain + ".gguf");
        try (TemporaryFolder checkpoint = TemporaryFolder.create("jllm-random")) {
            RandomModel.write(spec, plain == QuantizedType.F16 ? "float16" : "bfloat16", checkpoint.path());
            GgufConversion.convert(checkpoint.path(), plain, unquantized);
        } catch (IOException e) {
            throw new CapacityException("cannot write " + unquantized + ": " + e.getMessage(), e);
        }
        return wanted.isPlain() ? unquantized : quantize(unquantized, wanted, folder);
    }

    private static Path quantize(Path from, QuantizedType type, Path folder) {
        LlamaCpp library = LlamaCpp.get();
        Path to = folder.resolve("random-" + type + ".gguf");
        LlamaQuantizeParams params = Llama.llama_model_quantize_default_params();
        params.nthread = Machine.physicalCores();
        params.ftype = type.number();
        params.write();
        library.log().forgetError();
        int status = Llama.llama_model_quantize(
                LlamaCpp.text(from.toString()), LlamaCpp.text(to.toString()), params.getPointer());
        if (status != 0) {
            throw new EngineException("llama.cpp cannot quantise to " + type + ": "
                    + library.log().firstError().orElse("status " + status));
        }
        try {
            Files.delete(from);
        } catch (IOException e) {
            throw new CapacityException("cannot delete " + from + ": " + e.getMessage(), e);
        }
        return to;
    }
}
