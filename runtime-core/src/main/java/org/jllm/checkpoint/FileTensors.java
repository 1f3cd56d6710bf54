package org.jllm.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tensors of a file.
 *
 * @param aliases the same tensors under further names
 */
record FileTensors(List<StoredTensor> tensors, List<StoredTensor> aliases) {
    /** The key of a safetensors file's metadata that never names a tensor. */
    static final String FORMAT = "format";

    /**
     * The format has no place for a tensor with two names, so writers leave one out and say in the metadata which of the
     * others it is.
     */
    static FileTensors of(List<StoredTensor> tensors, Map<String, String> metadata) {
        Map<String, StoredTensor> byName =
                tensors.stream().collect(Collectors.toMap(StoredTensor::name, Function.identity()));
        List<StoredTensor> aliases = new ArrayList<>();
        metadata.forEach((alias, name) -> {
            StoredTensor tensor = byName.get(name);
            if (tensor != null && !alias.equals(FORMAT) && !byName.containsKey(alias)) {
                aliases.add(tensor.named(alias));
            }
        });
        return new FileTensors(tensors, aliases);
    }
}
