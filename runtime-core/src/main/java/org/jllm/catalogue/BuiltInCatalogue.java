package org.jllm.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue of this version: the file that the system property {@code jllm.models} names, else the one in the library.
 *
 * @param file what messages call it
 * @param folder that relative paths start from; null where there is none
 * @param families where the text is the library's own, which the build has checked, so that a part of it can be trusted
 */
record BuiltInCatalogue(String file, @Nullable Path folder, String text, Optional<FamilyTexts> families) {
    private static final String RESOURCE = "/org/jllm/models.yaml";
    private static final String PROPERTY = "jllm.models";

    /** @throws org.jllm.api.InvalidSettingException if the file cannot be read */
    static BuiltInCatalogue load() {
        String own = resource();
        String file = System.getProperty(PROPERTY, "");
        if (file.isEmpty()) {
            return new BuiltInCatalogue("models.yaml", null, own, FamilyTexts.of(own));
        }
        Path path = Path.of(file);
        String text = YamlNode.text(path);
        return new BuiltInCatalogue(
                path.toString(),
                path.toAbsolutePath().getParent(),
                text,
                text.equals(own) ? FamilyTexts.of(text) : Optional.empty());
    }

    private static String resource() {
        try (InputStream in = BuiltInCatalogue.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("missing in the library: " + RESOURCE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the library's own files are incomplete", e);
        }
    }

    /** All of it. */
    CatalogueSource source() {
        return source(text);
    }

    private CatalogueSource source(String yaml) {
        return new CatalogueSource(YamlNode.parse(yaml, file).orElse(null), folder, false);
    }

    /** The models of the families that may have one of this name; empty if that cannot be told without reading all. */
    Optional<List<Entry>> near(String name) {
        return families.map(texts -> texts.with(name)
                .map(part -> CatalogueReader.read(List.of(source(part))))
                .orElse(List.of()));
    }
}
