package org.jllm.checkpoint.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.SafetensorsWriter.Announced;
import org.jllm.checkpoint.pack.PackFolder.Conditions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackFolderTest {
    private static final long ROOM = 1_000;
    private static final byte[] SMALL = {1, 2, 3};
    private static final byte[] LARGE = new byte[700];
    private static final Instant LATER = Instant.now().plusSeconds(1_000);

    @TempDir
    private Path temp;

    private Path root;
    private Path source;
    private Instant now = LATER;
    private long free = 1L << 40;

    @BeforeEach
    void write() throws IOException {
        Arrays.fill(LARGE, (byte) 7);
        root = temp.resolve("packs");
        source = file("model/weights.bin", "numbers");
    }

    private Path file(String name, String content) throws IOException {
        Path file = temp.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private PackFolder folder(Long mostBytes, long leastBytes) {
        return new PackFolder(root, mostBytes, new Conditions(leastBytes, path -> free, () -> now));
    }

    private PackFolder folder() {
        return folder(null, 0);
    }

    private PackRequest request(String recipe) {
        return new PackRequest(
                source.getParent(),
                "int8",
                recipe,
                Set.of(source),
                List.of(
                        new Announced("small", ElementType.U8, List.of((long) SMALL.length)),
                        new Announced("large", ElementType.U8, List.of(ROOM))));
    }

    private PackRequest large() {
        return new PackRequest(
                source.getParent(),
                "int8",
                "large",
                Set.of(source),
                List.of(new Announced("large", ElementType.U8, List.of(100 * ROOM))));
    }

    private static Optional<Pack> open(PackFolder folder, PackRequest request) {
        return folder.content(request).flatMap(folder::open);
    }

    private static Optional<PackWriter> begin(PackFolder folder, PackRequest request) {
        return folder.content(request).flatMap(folder::begin);
    }

    private static void keep(PackFolder folder, PackRequest request) {
        try (PackWriter writer = begin(folder, request).orElseThrow()) {
            fill(writer);
            writer.finish();
        }
    }

    private static void fill(PackWriter writer) {
        writer.write("small", List.of(ByteBuffer.wrap(SMALL)));
        writer.write("large", List.of(ByteBuffer.wrap(LARGE, 0, 300), ByteBuffer.wrap(LARGE, 300, 400)));
    }

    private static boolean isRight(Pack pack) {
        ByteBuffer small = ByteBuffer.allocate(SMALL.length);
        ByteBuffer first = ByteBuffer.allocate(450);
        ByteBuffer second = ByteBuffer.allocate(250);
        boolean read = pack.read(
                List.of(new Pack.Reading("small", List.of(small)), new Pack.Reading("large", List.of(first, second))));
        if (read) {
            assertThat(small.array()).isEqualTo(SMALL);
            assertThat(first.array()).containsOnly(7);
            assertThat(second.array()).containsOnly(7);
        }
        return read;
    }

    private static boolean isKept(PackFolder folder, PackRequest request) {
        try (Pack pack = open(folder, request).orElse(null)) {
            return pack != null && isRight(pack);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.filter(file -> !file.endsWith(".lock")).toList();
        }
    }

    @Test
    void whatIsKeptIsReadAgain() throws IOException {
        assertThat(isKept(folder(), request("a"))).isFalse();
        keep(folder(), request("a"));
        assertThat(files()).hasSize(1);
        assertThat(isKept(folder(), request("a"))).isTrue();
        assertThat(isKept(folder(), request("b"))).isFalse();
        KeptPack kept = folder().all().get(0);
        assertThat(kept.model()).isEqualTo(source.getParent());
        assertThat(kept.form()).isEqualTo("int8");
        assertThat(kept.bytes()).isEqualTo(Files.size(files().get(0)));
        assertThat(kept.files()).containsExactly(source.toRealPath());
        assertThat(kept.obsolete()).isFalse();
        assertThat(kept.isOf(source.getParent())).isTrue();
        assertThat(kept.isOf(temp.resolve("mod"))).isFalse();
    }

    @Test
    void aLinkIsTheFileThatItLeadsTo() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("model/link.bin"), source);
        PackRequest request = new PackRequest(
                temp.resolve("model"), "int8", "a", Set.of(link), request("").tensors());
        keep(folder(), request);
        assertThat(isKept(folder(), request)).isTrue();
        Files.delete(link);
        Files.createSymbolicLink(link, file("model/other.bin", "numbers"));
        assertThat(isKept(folder(), request)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"longer content", "NUMBERS"})
    void aChangedFileIsAnother(String content) throws IOException {
        FileTime time = Files.getLastModifiedTime(source);
        keep(folder(), request("a"));
        Files.writeString(source, content);
        assertThat(isKept(folder(), request("a"))).isFalse();
        // As a copy that keeps the time of its original.
        Files.setLastModifiedTime(source, time);
        assertThat(isKept(folder(), request("a"))).isFalse();
        assertThat(folder().all()).singleElement().matches(KeptPack::obsolete);
        keep(folder(), request("a"));
        assertThat(folder().all()).singleElement().matches(pack -> !pack.obsolete());
    }

    @Test
    void aFileThatChangesMeanwhileOrHasJustBeenWrittenIsNotKept() throws IOException {
        try (PackWriter writer = begin(folder(), request("a")).orElseThrow()) {
            fill(writer);
            Files.writeString(source, "other numbers");
            writer.finish();
        }
        assertThat(files()).isEmpty();
        now = Files.getLastModifiedTime(source).toInstant().plusMillis(1_900);
        keep(folder(), request("a"));
        assertThat(files()).isEmpty();
        now = now.plusMillis(200);
        keep(folder(), request("a"));
        assertThat(files()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 100, 300})
    void aFlippedBitInTheHeaderIsFound(int position) throws IOException {
        keep(folder(), request("a"));
        flip(files().get(0), position);
        assertThat(open(folder(), request("a"))).isEmpty();
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -20, -9 - 16, -1_000 - 16, -1_000 - 18})
    void aFlippedBitInTheNumbersOrTheirChecksumsIsFound(int fromTheEnd) throws IOException {
        keep(folder(), request("a"));
        Path file = files().get(0);
        flip(file, Files.size(file) + fromTheEnd);
        PackFolder folder = folder();
        Pack pack = open(folder, request("a")).orElseThrow();
        boolean inTheZerosBehind = fromTheEnd == -9 - 16 || fromTheEnd == -20;
        assertThat(isRight(pack)).isEqualTo(inTheZerosBehind);
        folder.drop(pack);
        assertThat(files()).isEmpty();
    }

    private static void flip(Path file, long position) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            one.put(0, (byte) (one.get(0) ^ 4)).flip();
            channel.write(one, position);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, -900, -1_015, 1, -100_000})
    void aFileOfAnotherLengthIsFound(long more) throws IOException {
        keep(folder(), request("a"));
        Path file = files().get(0);
        long length = Math.max(0, Files.size(file) + more);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
            if (more > 0) {
                channel.write(ByteBuffer.allocate((int) more), length - more);
            }
        }
        assertThat(folder().all()).singleElement().matches(KeptPack::obsolete);
        assertThat(open(folder(), request("a"))).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void whatIsNotFinishedLeavesNothing() throws IOException {
        try (PackWriter writer = begin(folder(), request("a")).orElseThrow()) {
            fill(writer);
        }
        assertThat(files()).isEmpty();
        try (PackWriter writer = begin(folder(), request("a")).orElseThrow()) {
            writer.write("small", List.of(ByteBuffer.allocate(4)));
            writer.write("large", List.of());
            writer.finish();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void whatAKilledProcessLeftGoes() throws IOException {
        file("packs/x.safetensors.1.partial", "half");
        keep(folder(), request("a"));
        assertThat(files()).hasSize(1).noneMatch(file -> file.toString().endsWith(".partial"));
        file("packs/x.safetensors.1.partial", "half");
        assertThat(folder().remove(pack -> true, true)).hasSize(1);
        assertThat(files()).hasSize(2);
        assertThat(folder().remove(pack -> true, false)).hasSize(1);
        assertThat(files()).isEmpty();
    }

    @Test
    void whoIsInterruptedCallsNoPackDamaged() {
        keep(folder(), request("a"));
        Thread.currentThread().interrupt();
        try {
            assertThat(folder().all()).noneMatch(KeptPack::obsolete);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(isKept(folder(), request("a"))).isTrue();
    }

    @Test
    void oneWritesAtATime() {
        try (PackWriter writer = begin(folder(), request("a")).orElseThrow()) {
            Optional<PackWriter> second = CompletableFuture.supplyAsync(() -> begin(folder(), request("b")))
                    .join();
            assertThat(second).isEmpty();
            fill(writer);
            writer.finish();
        }
        keep(folder(), request("b"));
        assertThat(folder().all()).hasSize(2);
    }

    @Test
    void theOneUsedLongestAgoGoesFirst() throws IOException {
        keep(folder(), request("a"));
        long size = Files.size(files().get(0));
        PackFolder two = folder(2 * size + size / 2, 0);
        now = LATER.plusSeconds(1);
        assertThat(isKept(two, request("a"))).isTrue();
        now = LATER.plusSeconds(2);
        keep(two, request("b"));
        age(two, "b", LATER.plusSeconds(2));
        now = LATER.plusSeconds(3);
        assertThat(isKept(two, request("a"))).isTrue();
        keep(two, request("c"));
        assertThat(isKept(two, request("b"))).isFalse();
        assertThat(isKept(two, request("a"))).isTrue();
        assertThat(isKept(two, request("c"))).isTrue();
        assertThat(begin(folder(size - 1, 0), request("d"))).isEmpty();
        assertThat(folder().all()).hasSize(2);
    }

    private void age(PackFolder folder, String recipe, Instant used) throws IOException {
        now = used;
        assertThat(isKept(folder, request(recipe))).isTrue();
    }

    @Test
    void aFullDiskKeepsNothing() throws IOException {
        free = 500;
        assertThat(begin(folder(1L << 30, 0), request("a"))).isEmpty();
        free = 4 * 500;
        assertThat(begin(folder(), request("a"))).isEmpty();
        keep(folder(1L << 30, 0), request("a"));
        free = 10;
        assertThat(begin(folder(1L << 30, 0), large())).isEmpty();
        assertThat(isKept(folder(), request("a"))).isTrue();
        free = 500;
        keep(folder(1L << 30, 0), request("b"));
        assertThat(isKept(folder(), request("a"))).isFalse();
        assertThat(isKept(folder(), request("b"))).isTrue();
    }

    @Test
    void noneAndSmallOnesAreNotKept() {
        keep(folder(), request("a"));
        assertThat(open(folder(0L, 0), request("a"))).isEmpty();
        assertThat(begin(folder(0L, 0), request("b"))).isEmpty();
        assertThat(open(folder(null, 2_000), request("a"))).isEmpty();
        assertThat(begin(folder(null, 2_000), request("b"))).isEmpty();
    }

    @Test
    void aPlaceThatCannotBeWrittenToIsNoError() throws IOException {
        file("packs", "a file");
        assertThat(open(folder(), request("a"))).isEmpty();
        assertThat(begin(folder(), request("a"))).isEmpty();
        assertThat(folder().all()).isEmpty();
        assertThat(folder().remove(pack -> true, false)).isEmpty();
    }

    @Test
    void aModelThatIsGoneIsNoError() throws IOException {
        keep(folder(), request("a"));
        Files.delete(source);
        assertThat(open(folder(), request("a"))).isEmpty();
        assertThat(begin(folder(), request("a"))).isEmpty();
        assertThat(folder().remove(KeptPack::obsolete, false)).hasSize(1);
        assertThat(files()).isEmpty();
    }
}
