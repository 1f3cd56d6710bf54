package org.jllm.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;

/**
 * The entries of a zip file and where their bytes lie, which {@code java.util.zip} does not tell. The directory is
 * checked whole: names, sizes, and that no two entries share a byte. Format:
 * <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">PKWARE's APPNOTE</a>.
 */
final class ZipDirectory {
    static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int CENTRAL_SIGNATURE = 0x02014b50;
    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;
    private static final int ENCRYPTED = 1;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int ZIP64_EXTRA = 1;
    private static final long MAX_32 = 0xffff_ffffL;

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Storage> entries = new LinkedHashMap<>();
    private final List<Local> locals = new ArrayList<>();

    /** An entry as the directory has it; its bytes follow a local header. */
    private record Local(
            String name, long header, long fileBytes, long byteLength, boolean compressed, long checksum) {}

    private ZipDirectory(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * The entries by name, in the order of the directory.
     *
     * @throws InvalidModelException if the file is no sound zip file; names what is wrong
     */
    static Map<String, Storage> read(Path file, FileChannel channel) throws IOException {
        ZipDirectory directory = new ZipDirectory(file, channel);
        ZipEnd end = ZipEnd.find(file, channel);
        ByteBuffer headers = bytes(channel, end.position(), (int) end.byteLength());
        for (long i = 0; i < end.entries(); i++) {
            directory.central(headers, end.position());
        }
        if (headers.hasRemaining()) {
            throw directory.invalid("its directory has " + headers.remaining() + " bytes too many");
        }
        directory.locate(end.position());
        return directory.entries;
    }

    static ByteBuffer bytes(FileChannel channel, long position, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("the file ends early");
            }
        }
        return buffer.flip();
    }

    private void central(ByteBuffer headers, long directoryStart) {
        if (headers.remaining() < CENTRAL_BYTES || headers.getInt(headers.position()) != CENTRAL_SIGNATURE) {
            throw invalid("its directory has fewer entries than it announces");
        }
        int start = headers.position();
        int flags = headers.getShort(start + 8);
        int method = headers.getShort(start + 10) & 0xffff;
        long checksum = headers.getInt(start + 16) & MAX_32;
        int nameLength = headers.getShort(start + 28) & 0xffff;
        int extraLength = headers.getShort(start + 30) & 0xffff;
        int commentLength = headers.getShort(start + 32) & 0xffff;
        long length = (long) CENTRAL_BYTES + nameLength + extraLength + commentLength;
        if (headers.remaining() < length) {
            throw invalid("its directory is cut short");
        }
        byte[] nameBytes = new byte[nameLength];
        headers.get(start + CENTRAL_BYTES, nameBytes);
        String name = new String(nameBytes, StandardCharsets.UTF_8);
        checkName(name);
        Zip64 sizes = new Zip64(
                headers.slice(start + CENTRAL_BYTES + nameLength, extraLength).order(ByteOrder.LITTLE_ENDIAN), name);
        long byteLength = sizes.value(headers.getInt(start + 24) & MAX_32);
        long fileBytes = sizes.value(headers.getInt(start + 20) & MAX_32);
        long header = sizes.value(headers.getInt(start + 42) & MAX_32);
        headers.position((int) (start + length));
        if ((flags & ENCRYPTED) != 0) {
            throw new UnsupportedModelException(file + ": its entry " + shown(name) + " is encrypted");
        }
        if (method != STORED && method != DEFLATED) {
            throw new UnsupportedModelException(file + ": its entry " + shown(name) + " is compressed by method "
                    + method + "; this version knows deflate only");
        }
        if (method == STORED && fileBytes != byteLength) {
            throw invalid("its entry " + shown(name) + " takes " + fileBytes + " bytes for " + byteLength);
        }
        if (header < 0
                || fileBytes < 0
                || byteLength < 0
                || header > directoryStart - LOCAL_BYTES
                || fileBytes > directoryStart - LOCAL_BYTES - header) {
            throw invalid("its entry " + shown(name) + " of " + fileBytes + " bytes at byte " + header
                    + " does not end before the directory at byte " + directoryStart);
        }
        locals.add(new Local(name, header, fileBytes, byteLength, method == DEFLATED, checksum));
    }

    private void checkName(String name) {
        boolean plain = !name.isEmpty() && !name.startsWith("/") && name.indexOf('\\') < 0 && name.indexOf(0) < 0;
        for (String part : name.split("/", -1)) {
            plain &= !part.equals("..");
        }
        if (!plain) {
            throw invalid("its entry " + shown(name) + " has a name that leads out of a folder");
        }
    }

    /** The 64-bit numbers that stand in for 32-bit ones that are all ones, in their order. */
    private final class Zip64 {
        private final ByteBuffer numbers;
        private final String name;

        Zip64(ByteBuffer extra, String name) {
            this.name = name;
            ByteBuffer found = ByteBuffer.allocate(0);
            while (extra.remaining() >= 4) {
                int id = extra.getShort();
                int length = Math.min(extra.getShort() & 0xffff, extra.remaining());
                if (id == ZIP64_EXTRA) {
                    found = extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
                }
                extra.position(extra.position() + length);
            }
            numbers = found;
        }

        long value(long short32) {
            if (short32 != MAX_32) {
                return short32;
            }
            if (numbers.remaining() < Long.BYTES) {
                throw invalid("its entry " + shown(name) + " lacks its sizes in 64 bits");
            }
            return numbers.getLong();
        }
    }

    /** Finds where the bytes of each entry begin, behind its local header. */
    private void locate(long directoryStart) throws IOException {
        locals.sort(Comparator.comparingLong(Local::header));
        for (int i = 0; i < locals.size(); i++) {
            Local local = locals.get(i);
            ByteBuffer header = bytes(channel, local.header, LOCAL_BYTES);
            if (header.getInt(0) != LOCAL_SIGNATURE) {
                throw invalid("its entry " + shown(local.name) + " has no header at byte " + local.header);
            }
            long position =
                    local.header + LOCAL_BYTES + (header.getShort(26) & 0xffff) + (header.getShort(28) & 0xffff);
            long next = i + 1 < locals.size() ? locals.get(i + 1).header : directoryStart;
            if (local.fileBytes > next - position) {
                throw invalid("its entry " + shown(local.name) + " runs into what follows at byte " + next);
            }
            // A checksum of 0 is what writers leave that do not compute any.
            OptionalLong checksum = local.checksum == 0 ? OptionalLong.empty() : OptionalLong.of(local.checksum);
            Storage storage =
                    new Storage(file, position, local.fileBytes, local.byteLength, local.compressed, checksum);
            if (entries.put(local.name, storage) != null) {
                throw invalid("it has two entries of the name " + shown(local.name));
            }
        }
    }

    private static String shown(String name) {
        return "'" + StrictJson.bounded(name) + "'";
    }

    private InvalidModelException invalid(String problem) {
        return new InvalidModelException(file + " is damaged: " + problem);
    }
}
