package org.jllm.gguf;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jllm.api.EngineException;
import org.jllm.api.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/** The device that a setting names, as ggml knows it. */
final class LlamaDevice {
    private LlamaDevice() {}

    /**
     * The device to put layers on.
     *
     * @param name {@code cpu}, {@code cuda:N}, {@code vulkan:N}, {@code metal}, or null for the CPU
     * @return empty for the CPU
     * @throws EngineException if the backend of this device is not loaded, or has fewer devices
     */
    static Optional<LlamaCpp.Device> find(@Nullable String name, List<LlamaCpp.Device> devices) {
        if (name == null || name.equals("cpu")) {
            return Optional.empty();
        }
        // ggml writes CUDA0, Vulkan0 and, for the one device of a Mac, Metal or MTL0.
        String plain = name.replace(":", "").toLowerCase(Locale.ROOT);
        if (plain.equals("cuda") || plain.equals("vulkan")) {
            plain += "0";
        }
        String wanted = plain;
        return Optional.of(devices.stream()
                .filter(LlamaCpp.Device::isGpu)
                .filter(device -> matches(device.name().toLowerCase(Locale.ROOT), wanted))
                .findFirst()
                .orElseThrow(() -> missing(name, devices)));
    }

    private static boolean matches(String device, String wanted) {
        return device.equals(wanted) || (wanted.equals("metal") && (device.equals("mtl0") || device.equals("metal0")));
    }

    private static RuntimeException missing(String name, List<LlamaCpp.Device> devices) {
        if (!name.matches("metal|(cuda|vulkan)(:\\d{1,3})?")) {
            return new InvalidRequestException("unknown device '" + name + "': use cpu, cuda:N, vulkan:N or metal");
        }
        String there = devices.stream().map(LlamaCpp.Device::name).collect(Collectors.joining(", "));
        return new EngineException("device '" + name + "' is not there: llama.cpp sees " + there
                + " (docs/gpu.md says how to get a llama.cpp for a GPU)");
    }
}
