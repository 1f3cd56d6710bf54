package org.jllm.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jllm.api.EngineException;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.SafetensorsWriter.Announced;
import org.jllm.checkpoint.pack.Pack;
import org.jspecify.annotations.Nullable;

/**
 * What lies on the disk of packed stacks, and how that becomes stacks again. For each matrix of a stack {@code NAME.layout}: the
 * bytes of its numbers, and where oneDNN has packed them the length of the layout and the layout; all zeros for those that
 * are packed with the first. With them {@code NAME.scales} and {@code NAME.columns}, zeros for none. Under the name of the first,
 * {@code NAME.numbers}, as many as each layout says. Used on libtorch's thread only.
 */
final class PackFormat {
    private static final int LAYOUT_BYTES = 2048;
    private static final String LAYOUT = ".layout";
    private static final String SCALES = ".scales";
    private static final String COLUMNS = ".columns";
    private static final String NUMBERS = ".numbers";

    private final ScriptModule module;
    private final Kernel kernel;
    private final @Nullable OneDnnMemory oneDnn;

    /** @param oneDnn null if the kernel is none of oneDNN's */
    PackFormat(ScriptModule module, Kernel kernel, @Nullable OneDnnMemory oneDnn) {
        this.module = module;
        this.kernel = kernel;
        this.oneDnn = oneDnn;
    }

    /** The tensors of a stack. */
    List<Announced> tensors(MatrixStack stack) {
        List<Announced> tensors = new ArrayList<>();
        long numbers = 0;
        for (int i = 0; i < stack.size(); i++) {
            String name = stack.name(i);
            long outputs = stack.outputs(i);
            numbers = Math.addExact(numbers, mostBytes(outputs, stack.inputs()));
            tensors.add(new Announced(name + LAYOUT, ElementType.U8, List.of((long) LAYOUT_BYTES)));
            if (kernel.isInt8()) {
                tensors.add(new Announced(name + SCALES, ElementType.F32, List.of(outputs)));
                tensors.add(new Announced(name + COLUMNS, ElementType.F32, List.of(stack.inputs())));
            }
        }
        tensors.add(new Announced(stack.name(0) + NUMBERS, ElementType.U8, List.of(numbers)));
        return tensors;
    }

    /** oneDNN fills blocks up, and adds sums for each output. */
    private long mostBytes(long outputs, long inputs) {
        if (oneDnn == null) {
            return Math.multiplyExact(Math.multiplyExact(outputs, inputs), (long) kernel.bytes());
        }
        long whole = filled(outputs);
        return Math.addExact(Math.multiplyExact(whole, filled(inputs)), 2 * whole * Integer.BYTES);
    }

    private static long filled(long count) {
        return (count + 63) / 64 * 64;
    }

    /**
     * What is written of a stack.
     *
     * @param owner of the tensors whose memory is written
     */
    List<PackKeeping.Part> parts(MatrixStack stack, PackedStack packed, Handles owner) {
        List<PackKeeping.Part> parts = new ArrayList<>();
        List<ByteBuffer> numbers = new ArrayList<>();
        for (int i = 0; i < stack.size(); i++) {
            ByteBuffer layout = ByteBuffer.allocate(LAYOUT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            if (i < packed.numbers().size()) {
                numbers.add(numbers(packed.numbers().get(i), layout, owner));
            }
            parts.add(new PackKeeping.Part(stack.name(i) + LAYOUT, List.of(layout.clear())));
            if (kernel.isInt8()) {
                ByteBuffer scales = bytes(packed.scales().get(i), owner);
                ByteBuffer columns = bytes(packed.columns().get(i), owner);
                ByteBuffer none = ByteBuffer.allocate((int) (stack.inputs() * Float.BYTES));
                parts.add(new PackKeeping.Part(stack.name(i) + SCALES, List.of(scales)));
                parts.add(new PackKeeping.Part(
                        stack.name(i) + COLUMNS, List.of(columns.hasRemaining() ? columns : none)));
            }
        }
        parts.add(new PackKeeping.Part(stack.name(0) + NUMBERS, numbers));
        return parts;
    }

    /** The bytes of packed numbers; their layout is put into {@code layout}. */
    private ByteBuffer numbers(IValue matrix, ByteBuffer layout, Handles owner) {
        if (oneDnn == null) {
            ByteBuffer bytes = bytes(matrix, owner);
            layout.putLong(bytes.remaining());
            return bytes;
        }
        try (Handles step = owner.nested()) {
            long count = step.own(module.run("packed_bytes", matrix)).toLong();
            ByteBuffer found = bytes(step.own(module.run("packed_layout", matrix)), step);
            layout.putLong(count).putInt(found.remaining()).put(found);
            return oneDnn.bytes(owner.own((PtNDArray) matrix.toTensor(module.manager())), count);
        }
    }

    /** The memory of a tensor, valid as long as it. */
    private ByteBuffer bytes(IValue tensor, Handles owner) {
        PtNDArray array = owner.own((PtNDArray) tensor.toTensor(module.manager()));
        return array.size() == 0 ? ByteBuffer.allocate(0) : array.toByteBuffer(true);
    }

    /** All stacks of a pack; empty if it is damaged. */
    Optional<List<PackedStack>> read(Pack pack, List<MatrixStack> stacks, Handles keep) {
        try (Handles step = keep.nested()) {
            List<Pack.Reading> readings = new ArrayList<>();
            List<Supplier<PackedStack>> whenRead = new ArrayList<>();
            for (MatrixStack stack : stacks) {
                List<Layout> layouts = layouts(pack, stack);
                if (layouts.isEmpty()) {
                    return Optional.empty();
                }
                whenRead.add(prepare(stack, layouts, readings, keep, step));
            }
            if (!pack.read(readings)) {
                return Optional.empty();
            }
            return Optional.of(whenRead.stream().map(Supplier::get).toList());
        }
    }

    private record Layout(int count, byte[] description) {}

    /** Of the matrices that are packed, one or all of the stack; empty if they cannot be. */
    private List<Layout> layouts(Pack pack, MatrixStack stack) {
        List<Layout> layouts = new ArrayList<>();
        for (int i = 0; i < stack.size(); i++) {
            ByteBuffer bytes = ByteBuffer.allocate(LAYOUT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            if (!pack.read(List.of(new Pack.Reading(stack.name(i) + LAYOUT, List.of(bytes))))) {
                return List.of();
            }
            int count = Math.toIntExact(bytes.getLong());
            int length = bytes.getInt();
            if (length < 0 || length > bytes.remaining()) {
                return List.of();
            }
            byte[] description = new byte[length];
            bytes.get(description);
            if (count > 0) {
                layouts.add(new Layout(count, description));
            }
        }
        return layouts.size() == 1 || layouts.size() == stack.size() ? layouts : List.of();
    }

    /** Memory for a stack, and what is to be read into it; what is returned makes the stack of what was read. */
    private Supplier<PackedStack> prepare(
            MatrixStack stack, List<Layout> layouts, List<Pack.Reading> readings, Handles keep, Handles step) {
        List<IValue> scales = new ArrayList<>();
        List<IValue> columns = new ArrayList<>();
        List<ByteBuffer> factors = new ArrayList<>();
        for (int i = 0; i < stack.size() && kernel.isInt8(); i++) {
            scales.add(allocate(stack.outputs(i), ElementType.F32, keep));
            columns.add(allocate(stack.inputs(), ElementType.F32, keep));
            factors.add(bytes(columns.get(i), step));
            readings.add(new Pack.Reading(stack.name(i) + SCALES, List.of(bytes(scales.get(i), step))));
            readings.add(new Pack.Reading(stack.name(i) + COLUMNS, List.of(factors.get(i))));
        }
        ElementType type = oneDnn != null ? ElementType.U8 : kernel.isInt8() ? ElementType.I8 : ElementType.F16;
        List<IValue> memory = new ArrayList<>();
        List<ByteBuffer> buffers = new ArrayList<>();
        for (Layout layout : layouts) {
            memory.add(allocate(layout.count() / type.bytes(), type, keep));
            buffers.add(bytes(memory.get(memory.size() - 1), step));
        }
        readings.add(new Pack.Reading(stack.name(0) + NUMBERS, buffers));
        return () -> {
            for (int i = 0; i < columns.size(); i++) {
                if (isZero(factors.get(i))) {
                    columns.set(i, allocate(0, ElementType.F32, keep));
                }
            }
            List<IValue> numbers = new ArrayList<>();
            for (int i = 0; i < layouts.size(); i++) {
                long outputs = outputs(stack, i, layouts.size());
                numbers.add(
                        oneDnn == null
                                ? keep.own(module.run(
                                        "reshape", memory.get(i), step.of(new long[] {outputs, stack.inputs()})))
                                : packed(oneDnn, buffers.get(i), layouts.get(i), outputs, stack.inputs(), keep, step));
            }
            return new PackedStack(numbers, scales, columns);
        };
    }

    private static long outputs(MatrixStack stack, int index, int count) {
        if (count == stack.size()) {
            return stack.outputs(index);
        }
        long all = 0;
        for (int i = 0; i < stack.size(); i++) {
            all += stack.outputs(i);
        }
        return all;
    }

    private IValue packed(
            OneDnnMemory memory,
            ByteBuffer bytes,
            Layout layout,
            long outputs,
            long inputs,
            Handles keep,
            Handles step) {
        PtNDArray matrix = step.own(memory.matrix(module.manager(), bytes, layout.description(), outputs, inputs));
        IValue value = keep.own(IValue.from(matrix));
        if (step.own(module.run("packed_bytes", value)).toLong() != layout.count()) {
            throw new EngineException("a packed matrix has another size than it had");
        }
        return value;
    }

    private IValue allocate(long elements, ElementType type, Handles owner) {
        try (Handles step = owner.nested()) {
            return owner.own(module.run("allocate", step.of(elements), step.of(ScalarTypes.of(type))));
        }
    }

    private static boolean isZero(ByteBuffer bytes) {
        for (int i = 0; i < bytes.limit(); i++) {
            if (bytes.get(i) != 0) {
                return false;
            }
        }
        return true;
    }
}
