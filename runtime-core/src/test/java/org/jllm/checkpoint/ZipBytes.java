package org.jllm.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Zip files for tests, field by field, sound or not. */
final class ZipBytes {
    private final List<Entry> entries = new ArrayList<>();
    private int alignment = 64;
    private boolean zip64;

    /** An entry whose directory record says what it is told to say. */
    static final class Entry {
        final String name;
        final byte[] packed;
        int method;
        int flags = 0x808;
        long checksum;
        long size;
        long packedSize;
        long header = -1;

        Entry(String name, byte[] content, boolean deflated) {
            this.name = name;
            method = deflated ? 8 : 0;
            packed = deflated ? deflate(content) : content;
            CRC32 crc = new CRC32();
            crc.update(content);
            checksum = crc.getValue();
            size = content.length;
            packedSize = packed.length;
        }

        private static byte[] deflate(byte[] content) {
            Deflater deflater = new Deflater(9, true);
            deflater.setInput(content);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] part = new byte[1 << 16];
            while (!deflater.finished()) {
                out.write(part, 0, deflater.deflate(part));
            }
            deflater.end();
            return out.toByteArray();
        }
    }

    Entry add(String name, byte[] content) {
        return add(new Entry(name, content, false));
    }

    Entry add(Entry entry) {
        entries.add(entry);
        return entry;
    }

    /** The bytes of each entry begin at a multiple of this, plus a remainder. */
    ZipBytes aligned(int multiple) {
        alignment = multiple;
        return this;
    }

    /** With all sizes and places in 64 bits. */
    ZipBytes in64Bits() {
        zip64 = true;
        return this;
    }

    byte[] bytes() {
        return bytes(0);
    }

    /** @param remainder of the places of all entries by the alignment */
    byte[] bytes(int remainder) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        for (Entry entry : entries) {
            byte[] name = entry.name.getBytes(StandardCharsets.UTF_8);
            long header = entry.header < 0 ? out.size() : entry.header;
            int padding = Math.floorMod(remainder - (out.size() + 30 + name.length + 4), alignment);
            ByteBuffer local = buffer(30 + name.length + 4 + padding)
                    .putInt(0x04034b50)
                    .putShort((short) 0)
                    .putShort((short) entry.flags)
                    .putShort((short) entry.method)
                    .putInt(0)
                    .putInt(0)
                    .putInt(0)
                    .putInt(0)
                    .putShort((short) name.length)
                    .putShort((short) (4 + padding))
                    .put(name)
                    .putShort((short) 0x4246)
                    .putShort((short) padding);
            out.writeBytes(local.array());
            out.writeBytes(entry.packed);
            directory.writeBytes(record(entry, name, header));
        }
        return end(out, directory.toByteArray());
    }

    private byte[] record(Entry entry, byte[] name, long header) {
        ByteBuffer record = buffer(46 + name.length + (zip64 ? 28 : 0))
                .putInt(0x02014b50)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) entry.flags)
                .putShort((short) entry.method)
                .putInt(0)
                .putInt((int) entry.checksum)
                .putInt(zip64 ? -1 : (int) entry.packedSize)
                .putInt(zip64 ? -1 : (int) entry.size)
                .putShort((short) name.length)
                .putShort((short) (zip64 ? 28 : 0))
                .putShort((short) 0)
                .putLong(0)
                .putInt(zip64 ? -1 : (int) header)
                .put(name);
        if (zip64) {
            record.putShort((short) 1)
                    .putShort((short) 24)
                    .putLong(entry.size)
                    .putLong(entry.packedSize)
                    .putLong(header);
        }
        return record.array();
    }

    private byte[] end(ByteArrayOutputStream out, byte[] directory) {
        long start = out.size();
        out.writeBytes(directory);
        if (zip64) {
            long end64 = out.size();
            out.writeBytes(buffer(56)
                    .putInt(0x06064b50)
                    .putLong(44)
                    .putInt(0)
                    .putLong(0)
                    .putLong(entries.size())
                    .putLong(entries.size())
                    .putLong(directory.length)
                    .putLong(start)
                    .array());
            out.writeBytes(buffer(20)
                    .putInt(0x07064b50)
                    .putInt(0)
                    .putLong(end64)
                    .putInt(1)
                    .array());
        }
        out.writeBytes(buffer(22)
                .putInt(0x06054b50)
                .putInt(0)
                .putShort((short) (zip64 ? -1 : entries.size()))
                .putShort((short) (zip64 ? -1 : entries.size()))
                .putInt(zip64 ? -1 : directory.length)
                .putInt(zip64 ? -1 : (int) start)
                .putShort((short) 0)
                .array());
        return out.toByteArray();
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
