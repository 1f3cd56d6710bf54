package org.jllm.catalogue;

import java.net.URI;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jllm.api.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * How models are downloaded. A component that is null means "not said here": the next layer of settings decides.
 *
 * @param endpoint {@code http} or {@code https} address of the hub; default: Hugging Face's
 * @param token that the hub knows the user by; {@link #toString()} does not tell it; default: none
 * @param offline whether nothing is downloaded; default: not
 */
public record HubOptions(
        @Nullable String endpoint,
        @Nullable String token,
        @Nullable Boolean offline) {
    private static final HubOptions NONE = new HubOptions(null, null, null);
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,1000}");

    public HubOptions {
        if (endpoint != null && !isAddress(endpoint)) {
            throw new InvalidRequestException("hub_endpoint must be an address such as https://huggingface.co, not "
                    + ErrorText.quoted(endpoint));
        }
        if (token != null && !TOKEN.matcher(token).matches()) {
            throw new InvalidRequestException("hub_token must be letters, digits and signs without spaces");
        }
    }

    private static boolean isAddress(String text) {
        try {
            URI address = URI.create(text);
            String scheme = String.valueOf(address.getScheme());
            return (scheme.equals("https") || scheme.equals("http"))
                    && address.getHost() != null
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null
                    && address.getRawUserInfo() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Options that say nothing. */
    public static HubOptions none() {
        return NONE;
    }

    /** These options, with what they do not say taken from {@code lower}. */
    public HubOptions orElse(HubOptions lower) {
        return new HubOptions(
                endpoint != null ? endpoint : lower.endpoint,
                token != null ? token : lower.token,
                offline != null ? offline : lower.offline);
    }

    @Override
    public String toString() {
        return "HubOptions[endpoint=" + endpoint + ", token=" + (token == null ? "null" : "***") + ", offline="
                + Objects.toString(offline) + "]";
    }
}
