package org.jllm.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * TorchScript sources as the archive that {@code torch.jit.save} writes for a module without state. The sources are
 * the resources {@code torchscript/*.py}; {@code runtime.py} with the methods of its frame is the module, and the name
 * {@code __torch__.architecture} in it stands for the file of one architecture.
 */
final class ScriptArchive {
    /** The version of operators of libtorch 2.x; older ones give {@code div} and {@code gelu} their meaning of 2019. */
    private static final String OPERATOR_VERSION = "10\n";

    private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

    private ScriptArchive() {}

    /**
     * The archive of an architecture.
     *
     * @param architecture its resource without {@code .py}
     */
    static byte[] of(String architecture, ScriptFrame frame) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("data.pkl", pickledModule());
        Stream.concat(frame.sources().stream(), Stream.of(architecture))
                .forEach(name -> entries.put(
                        "code/__torch__/" + name + ".py", source(name).getBytes(StandardCharsets.UTF_8)));
        String runtime = source("runtime")
                + frame.adapt(source(frame.methods())).replace("__torch__.architecture", "__torch__." + architecture);
        entries.put("code/__torch__/runtime.py", runtime.getBytes(StandardCharsets.UTF_8));
        entries.put("constants.pkl", EMPTY_TUPLE);
        entries.put("version", bytes(OPERATOR_VERSION));
        return zip(entries);
    }

    /** The text of a resource. */
    static String source(String name) {
        String resource = "/torchscript/" + name + ".py";
        try (InputStream in = ScriptArchive.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pickle protocol 2: an object of class {@code __torch__.runtime.Model} with the state {@code {"training": False}}. */
    private static byte[] pickledModule() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x80, 2});
        out.writeBytes(bytes("c__torch__.runtime\nModel\n")); // GLOBAL
        out.writeBytes(bytes(")\u0081}(")); // EMPTY_TUPLE NEWOBJ EMPTY_DICT MARK
        out.writeBytes(new byte[] {'X', 8, 0, 0, 0}); // BINUNICODE of 8 bytes
        out.writeBytes(bytes("training"));
        out.writeBytes(new byte[] {(byte) 0x89, 'u', 'b', '.'}); // NEWFALSE SETITEMS BUILD STOP
        return out.toByteArray();
    }

    /** libtorch maps archives and wants them stored, not deflated. */
    private static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> content : entries.entrySet()) {
                CRC32 checksum = new CRC32();
                checksum.update(content.getValue());
                ZipEntry entry = new ZipEntry("m/" + content.getKey());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(content.getValue().length);
                entry.setCrc(checksum.getValue());
                zip.putNextEntry(entry);
                zip.write(content.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
