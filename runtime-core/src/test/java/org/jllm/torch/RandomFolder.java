package org.jllm.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.SafetensorsWriter;
import org.jllm.checkpoint.SafetensorsWriter.Announced;

/** A folder with a configuration and random weights for it, the same at every call. */
final class RandomFolder {
    private RandomFolder() {}

    static Path write(Path folder, String config, List<TensorSpec> tensors) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), config);
        List<Announced> announced = tensors.stream()
                .map(tensor -> new Announced(tensor.name(), ElementType.F32, tensor.shape()))
                .toList();
        Random random = new Random(1);
        try (SafetensorsWriter writer =
                new SafetensorsWriter(folder.resolve("model.safetensors"), announced, Map.of("format", "pt"))) {
            for (Announced tensor : announced) {
                int count = (int) (tensor.byteLength() / Float.BYTES);
                ByteBuffer values =
                        ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                for (int i = 0; i < count; i++) {
                    values.putFloat((float) (0.3 * random.nextGaussian()));
                }
                writer.write(tensor.name(), values.flip());
            }
            writer.finish();
        }
        return folder;
    }
}
