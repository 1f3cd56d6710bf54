package org.jllm.gguf;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jllm.api.EngineException;
import org.jllm.gguf.binding.Ggml;
import org.jllm.gguf.binding.GgmlBase;
import org.jllm.gguf.binding.Llama;
import org.jllm.hub.CacheFolder;
import org.jspecify.annotations.Nullable;

/** llama.cpp in this process: its libraries, its log and its devices. Safe for use by several threads. */
final class LlamaCpp {
    /** The release that the binding was written for: its structs have the layout of that one. */
    static final String RELEASE = "0.4.0";

    private final Path folder;
    private final String version;
    private final LlamaLog log;
    private final List<Device> devices;

    /**
     * A device that computes.
     *
     * @param name as ggml calls it: {@code CPU}, {@code CUDA0}, {@code Vulkan1}, {@code Metal}
     * @param type one of {@code GGML_BACKEND_DEVICE_TYPE_*}
     */
    record Device(Pointer handle, String name, String description, int type) {
        boolean isGpu() {
            return type == Ggml.DEVICE_TYPE_GPU || type == Ggml.DEVICE_TYPE_IGPU;
        }
    }

    private static final class Holder {
        private static @Nullable LlamaCpp instance;

        static synchronized LlamaCpp get() {
            LlamaCpp loaded = instance;
            if (loaded == null) {
                CacheFolder cache = CacheFolder.ofUser();
                Path folder = NativeFiles.folder(cache);
                JnaLibrary.unpack(cache);
                loaded = new LlamaCpp(folder);
                instance = loaded;
            }
            return loaded;
        }
    }

    /**
     * llama.cpp, loaded on the first call.
     *
     * @throws EngineException if its libraries are missing, of another release, or do not run on this machine
     */
    static LlamaCpp get() {
        return Holder.get();
    }

    /** Loads llama.cpp unless it has to be unpacked first: a model that cannot be loaded shall not cost that. */
    static void warmUp() {
        if (NativeFiles.areUnpacked(CacheFolder.ofUser())) {
            get();
        }
    }

    private LlamaCpp(Path folder) {
        this.folder = folder;
        try {
            NativeLibrary base = library(folder, "ggml-base");
            NativeLibrary ggml = library(folder, "ggml");
            NativeLibrary llama = library(folder, "llama");
            version = version(llama, folder);
            GgmlBase.register(base);
            Ggml.register(ggml);
            Llama.register(llama);
        } catch (LinkageError e) {
            throw notLoaded(folder, e);
        }
        log = new LlamaLog();
        Llama.llama_log_set(log, null);
        Ggml.ggml_backend_load_all_from_path(text(folder.toString()));
        if (Ggml.ggml_backend_dev_by_type(Ggml.DEVICE_TYPE_CPU) == null) {
            throw new EngineException("none of the libggml-cpu libraries in " + folder + " runs on this processor: set "
                    + NativeFiles.VARIABLE + " to the folder of a llama.cpp " + RELEASE + " that was built for it");
        }
        Llama.llama_backend_init();
        devices = readDevices();
    }

    /**
     * Refuses libraries of another release before any function of them is called that depends on it.
     *
     * @return the release
     */
    static String version(NativeLibrary llama, Path folder) {
        String found;
        try {
            found = llama.getFunction("llama_version").invokeString(new Object[0], false);
        } catch (UnsatisfiedLinkError e) {
            found = "that is too old to tell its release";
        }
        if (!found.equals(RELEASE) && !found.startsWith(RELEASE + "-")) {
            throw new EngineException("the libraries in " + folder + " are a llama.cpp " + found
                    + ", but this version of jllm needs release " + RELEASE + ": correct or unset "
                    + NativeFiles.VARIABLE);
        }
        return found;
    }

    /** Loads a library, whose file name may have a release in it. */
    static NativeLibrary library(Path folder, String name) {
        Pattern file = Pattern.compile(
                "(lib)?" + Pattern.quote(name) + "(\\.[a-z]+)?(\\.v?\\d[\\d.]*)?\\.(so|dylib|dll)(\\.\\d+)*");
        try (Stream<Path> files = Files.list(folder)) {
            Path found = files.filter(
                            path -> file.matcher(path.getFileName().toString()).matches())
                    .min(Comparator.comparing(path -> path.toString().length()))
                    .orElseThrow(() -> new EngineException("there is no library " + System.mapLibraryName(name) + " in "
                            + folder + ": correct or unset " + NativeFiles.VARIABLE));
            return NativeLibrary.getInstance(found.toString());
        } catch (IOException e) {
            throw new EngineException("cannot read the folder " + folder + ": " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw notLoaded(folder, e);
        }
    }

    private static EngineException notLoaded(Path folder, LinkageError e) {
        String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return new EngineException(
                "llama.cpp in " + folder + " does not load on this machine: " + reason
                        + " (on Linux it needs glibc 2.34 or newer)",
                e);
    }

    private static List<Device> readDevices() {
        List<Device> devices = new ArrayList<>();
        for (long i = 0; i < Ggml.ggml_backend_dev_count(); i++) {
            Pointer device = Ggml.ggml_backend_dev_get(i);
            devices.add(new Device(
                    device,
                    GgmlBase.ggml_backend_dev_name(device).getString(0, "UTF-8"),
                    GgmlBase.ggml_backend_dev_description(device).getString(0, "UTF-8"),
                    GgmlBase.ggml_backend_dev_type(device)));
        }
        return List.copyOf(devices);
    }

    /** A text as C takes it. */
    static byte[] text(String text) {
        return (text + '\0').getBytes(StandardCharsets.UTF_8);
    }

    /** The release that is loaded. */
    String version() {
        return version;
    }

    /** The folder of the libraries. */
    Path folder() {
        return folder;
    }

    /** The instruction set that the loaded CPU library was built for, such as {@code haswell}. */
    String variant() {
        return log.cpuLibrary()
                .map(path -> path.replaceFirst(".*ggml-cpu-?", "").replaceFirst("\\.(so|dylib|dll).*", ""))
                .filter(name -> !name.isEmpty())
                .orElse("of the build");
    }

    LlamaLog log() {
        return log;
    }

    List<Device> devices() {
        return devices;
    }

    /** A function that the CPU backend has and no header declares as linkable. */
    Optional<Function> cpuFunction(String name) {
        return devices.stream()
                .filter(device -> device.type() == Ggml.DEVICE_TYPE_CPU)
                .map(device -> GgmlBase.ggml_backend_reg_get_proc_address(
                        GgmlBase.ggml_backend_dev_backend_reg(device.handle()), text(name)))
                .flatMap(Stream::ofNullable)
                .map(Function::getFunction)
                .findFirst();
    }
}
