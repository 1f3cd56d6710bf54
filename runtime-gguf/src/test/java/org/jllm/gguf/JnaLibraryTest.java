package org.jllm.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jllm.hub.CacheFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JNA's library lies in the cache, and is not unpacked again. */
class JnaLibraryTest {
    @TempDir
    Path cache;

    private String before;

    @BeforeEach
    void forget() {
        before = System.clearProperty(JnaLibrary.PROPERTY);
    }

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(JnaLibrary.PROPERTY);
        } else {
            System.setProperty(JnaLibrary.PROPERTY, before);
        }
    }

    @Test
    void itIsUnpackedOnce() throws IOException {
        JnaLibrary.unpack(new CacheFolder(cache));
        Path folder = Path.of(System.getProperty(JnaLibrary.PROPERTY));
        assertThat(folder).hasParent(cache);
        assertThat(folder.getFileName().toString()).startsWith("jna-" + Native.VERSION + "-");
        Path library;
        try (Stream<Path> files = Files.list(folder)) {
            library = files.findFirst().orElseThrow();
        }
        assertThat(library).isNotEmptyFile();
        var modified = Files.getLastModifiedTime(library);
        System.clearProperty(JnaLibrary.PROPERTY);
        JnaLibrary.unpack(new CacheFolder(cache));
        assertThat(System.getProperty(JnaLibrary.PROPERTY)).isEqualTo(folder.toString());
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(modified);
    }

    @Test
    void whatTheUserSaysStays() {
        System.setProperty(JnaLibrary.PROPERTY, "/own");
        JnaLibrary.unpack(new CacheFolder(cache));
        assertThat(System.getProperty(JnaLibrary.PROPERTY)).isEqualTo("/own");
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void aCacheThatCannotBeWrittenLeavesItToJna() throws IOException {
        Path file = Files.createFile(cache.resolve("a file"));
        JnaLibrary.unpack(new CacheFolder(file.resolve("inside")));
        assertThat(System.getProperty(JnaLibrary.PROPERTY)).isNull();
    }
}
