package org.jllm.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jllm.api.UnavailableException;
import org.jspecify.annotations.Nullable;

/** Requests to the hub, each once. Safe for use by several threads. */
record HubApi(HubAccess access, HubHttp http, HubFailures failures) {
    private static final int LARGEST_LISTING = 64 << 20;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * The files of a revision with their hashes.
     *
     * @throws IOException if the network fails
     */
    RepositoryListing list(String repository, String revision) throws IOException, InterruptedException {
        URI address = URI.create(
                access.endpoint() + "/api/models/" + repository + "/revision/" + encoded(revision) + "?blobs=true");
        try (HubResponse response = http.get(address, null)) {
            failures.check(response, repository, repository, revision);
            return listing(repository, read(response.body()));
        }
    }

    private JsonNode read(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(LARGEST_LISTING);
        try {
            return MAPPER.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new UnavailableException(
                    access.endpoint() + " does not answer as a hub does: is HF_ENDPOINT right?", e);
        }
    }

    private RepositoryListing listing(String repository, JsonNode info) {
        String commit = info.path("sha").asText();
        if (!commit.matches("[0-9a-f]{40}") || !info.path("siblings").isArray()) {
            throw new UnavailableException(access.endpoint() + " does not answer as a hub does: is HF_ENDPOINT right?");
        }
        List<RepositoryFile> files = new ArrayList<>();
        for (JsonNode file : info.path("siblings")) {
            JsonNode large = file.path("lfs");
            boolean isLarge = large.isObject();
            files.add(new RepositoryFile(
                    file.path("rfilename").asText(),
                    (isLarge ? large : file).path("size").asLong(-1),
                    (isLarge ? large.path("sha256") : file.path("blobId"))
                            .asText()
                            .toLowerCase(Locale.ROOT)));
        }
        JsonNode license = info.path("cardData").path("license");
        return new RepositoryListing(repository, commit, files, license.isTextual() ? license.asText() : null);
    }

    /** Where a file of a commit is. */
    URI address(String repository, String commit, RepositoryFile file) {
        String path = Stream.of(file.path().split("/", -1)).map(HubApi::encoded).collect(Collectors.joining("/"));
        return URI.create(access.endpoint() + "/" + repository + "/resolve/" + commit + "/" + path);
    }

    /** A file whose size and hash the listing of a mirror has left out, as the hub's answer to a request for it says. */
    RepositoryFile describe(String repository, String commit, RepositoryFile file)
            throws IOException, InterruptedException {
        try (HubResponse response = http.head(address(repository, commit, file))) {
            if (response.status() >= 400) {
                failures.check(response, file.path() + " of " + repository, repository, commit);
            }
            String size = response.headers()
                    .firstValue("X-Linked-Size")
                    .orElse(response.status() < 300 ? response.header("Content-Length") : "");
            String etag = response.headers().firstValue("X-Linked-Etag").orElse(response.header("ETag"));
            return new RepositoryFile(
                    file.path(), size.matches("\\d{1,18}") ? Long.parseLong(size) : -1, BlobDownload.plain(etag));
        }
    }

    /**
     * A file's bytes.
     *
     * @param range as the header has it; null: all
     */
    HubResponse open(String repository, String commit, RepositoryFile file, @Nullable String range)
            throws IOException, InterruptedException {
        HubResponse response = http.get(address(repository, commit, file), range);
        try {
            failures.check(response, file.path() + " of " + repository, repository, commit);
            return response;
        } catch (IOException | RuntimeException e) {
            response.close();
            throw e;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
