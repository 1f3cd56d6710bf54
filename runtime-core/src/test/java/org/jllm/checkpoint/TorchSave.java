package org.jllm.checkpoint;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code torch.save} writes, for tests: tensors that are cut from storages, in either form. */
public final class TorchSave {
    private final Map<String, byte[]> storages = new LinkedHashMap<>();
    private final Map<String, ElementType> types = new LinkedHashMap<>();
    private final List<Cut> cuts = new ArrayList<>();

    /** How a tensor is cut, in elements. */
    private record Cut(String name, String storage, long offset, List<Long> shape, List<Long> strides) {}

    /** Adds a storage. */
    public TorchSave storage(String key, ElementType type, byte[] bytes) {
        storages.put(key, bytes);
        types.put(key, type);
        return this;
    }

    /** Adds a tensor that is cut from a storage. */
    public TorchSave tensor(String name, String storage, long offset, List<Long> shape, List<Long> strides) {
        cuts.add(new Cut(name, storage, offset, shape, strides));
        return this;
    }

    /** Adds a tensor with a storage of its own. */
    public TorchSave tensor(String name, ElementType type, List<Long> shape, byte[] bytes) {
        String key = Integer.toString(storages.size());
        storage(key, type, bytes);
        return tensor(name, key, 0, shape, StoredTensor.contiguousStrides(shape));
    }

    /** The form since PyTorch 1.6. */
    public byte[] zip() {
        return zip(false).bytes();
    }

    /** With compressed entries. */
    public byte[] deflated() {
        return zip(true).bytes();
    }

    /** With entries that begin at multiples of 64 plus a remainder. */
    public byte[] misaligned(int remainder) {
        return zip(false).bytes(remainder);
    }

    ZipBytes zip(boolean deflated) {
        return zip(pickle(false), deflated);
    }

    ZipBytes zip(byte[] pickle, boolean deflated) {
        ZipBytes zip = new ZipBytes();
        zip.add(new ZipBytes.Entry("archive/data.pkl", pickle, deflated));
        storages.forEach((key, bytes) -> zip.add(new ZipBytes.Entry("archive/data/" + key, bytes, deflated)));
        zip.add("archive/version", new byte[] {'3', '\n'});
        return zip;
    }

    /** The form before PyTorch 1.6. */
    public byte[] legacy() {
        return legacy(pickle(true));
    }

    byte[] legacy(byte[] pickle) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(PickleBytes.of(2)
                .op(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19)
                .stop());
        out.writeBytes(PickleBytes.of(2).number(1001).stop());
        out.writeBytes(PickleBytes.of(2)
                .op('}', '(')
                .text("protocol_version")
                .number(1001)
                .text("little_endian")
                .op(0x88, 'u')
                .stop());
        out.writeBytes(pickle);
        PickleBytes keys = PickleBytes.of(2).op(']', '(');
        storages.keySet().forEach(keys::text);
        out.writeBytes(keys.op('e').stop());
        storages.forEach((key, bytes) -> {
            out.writeBytes(PickleBytes.int64(elements(key)));
            out.writeBytes(bytes);
        });
        return out.toByteArray();
    }

    private long elements(String key) {
        return storages.get(key).length / types.get(key).bytes();
    }

    byte[] pickle(boolean legacy) {
        PickleBytes pickle = PickleBytes.of(2).ordered();
        tensors(pickle, legacy);
        return pickle.stop();
    }

    /** Sets all tensors as items of the dictionary on top of the stack. */
    PickleBytes tensors(PickleBytes pickle, boolean legacy) {
        pickle.mark();
        for (Cut cut : cuts) {
            pickle.text(cut.name);
            tensor(pickle, cut, legacy);
        }
        return pickle.op('u');
    }

    private void tensor(PickleBytes pickle, Cut cut, boolean legacy) {
        pickle.global("torch._utils", "_rebuild_tensor_v2");
        arguments(pickle, cut, legacy).call();
    }

    /** The tuple from which a tensor is rebuilt. */
    void arguments(PickleBytes pickle, String name) {
        arguments(
                pickle,
                cuts.stream().filter(cut -> cut.name.equals(name)).findFirst().orElseThrow(),
                false);
    }

    private PickleBytes arguments(PickleBytes pickle, Cut cut, boolean legacy) {
        storage(pickle.mark(), cut.storage, legacy);
        pickle.number(cut.offset).numbers(cut.shape).numbers(cut.strides);
        return pickle.op(0x89).ordered().tuple();
    }

    private void storage(PickleBytes pickle, String key, boolean legacy) {
        pickle.mark().text("storage").global("torch", className(types.get(key)));
        pickle.text(key).text("cpu").number(elements(key));
        if (legacy) {
            pickle.none();
        }
        pickle.tuple().op('Q');
    }

    static String className(ElementType type) {
        return switch (type) {
            case F64 -> "DoubleStorage";
            case F32 -> "FloatStorage";
            case F16 -> "HalfStorage";
            case BF16 -> "BFloat16Storage";
            case I64 -> "LongStorage";
            case I32 -> "IntStorage";
            case I16 -> "ShortStorage";
            case I8 -> "CharStorage";
            case U8 -> "ByteStorage";
            case BOOL -> "BoolStorage";
        };
    }
}
