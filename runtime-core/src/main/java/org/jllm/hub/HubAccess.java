package org.jllm.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jllm.catalogue.HubOptions;
import org.jllm.catalogue.UserHome;
import org.jspecify.annotations.Nullable;

/**
 * Where the hub is, who the user is there, and whether it may be asked at all.
 *
 * @param endpoint ends without a slash
 * @param token null: the user is nobody
 */
record HubAccess(URI endpoint, @Nullable String token, boolean offline) {
    private static final String HUGGING_FACE = "https://huggingface.co";
    private static final int LONGEST_TOKEN_FILE = 10_000;
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,1000}");

    /** What the options do not say, the files of {@code huggingface_hub} do. */
    static HubAccess of(HubOptions options, Map<String, String> environment) {
        String endpoint = options.endpoint() == null ? HUGGING_FACE : options.endpoint();
        String token = options.token() != null ? options.token() : tokenFile(environment);
        return new HubAccess(URI.create(endpoint.replaceAll("/+$", "")), token, Boolean.TRUE.equals(options.offline()));
    }

    /** The token that {@code hf auth login} has left, unless the user does not want it sent. */
    private static @Nullable String tokenFile(Map<String, String> environment) {
        if (environment.getOrDefault("HF_HUB_DISABLE_IMPLICIT_TOKEN", "").matches("(?i)1|on|yes|true")) {
            return null;
        }
        String named = environment.getOrDefault("HF_TOKEN_PATH", "");
        Path file = named.isBlank()
                ? HuggingFaceCache.home(environment, UserHome.of(environment)).resolve("token")
                : Path.of(named);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LONGEST_TOKEN_FILE) {
                return null;
            }
            String token = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
            return TOKEN.matcher(token).matches() ? token : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** The page on which a user accepts the licence of a repository. */
    URI page(String repository) {
        return URI.create(endpoint + "/" + repository);
    }

    @Override
    public String toString() {
        return "HubAccess[" + endpoint + "]";
    }
}
