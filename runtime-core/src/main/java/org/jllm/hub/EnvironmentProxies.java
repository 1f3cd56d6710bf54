package org.jllm.hub;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jllm.api.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that {@code https_proxy}, {@code http_proxy} and {@code all_proxy} name, but for the hosts of
 * {@code no_proxy}; lower case counts before upper case.
 */
final class EnvironmentProxies extends ProxySelector {
    private final @Nullable URI https;
    private final @Nullable URI http;
    private final List<String> direct;

    EnvironmentProxies(Map<String, String> environment) {
        https = proxy("https_proxy", environment);
        http = proxy("http_proxy", environment);
        direct = List.of(value("no_proxy", environment).toLowerCase(Locale.ROOT).split("[,\\s]+"));
    }

    private static String value(String name, Map<String, String> environment) {
        String lower = environment.getOrDefault(name, "");
        return lower.isBlank()
                ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "").strip()
                : lower.strip();
    }

    private static @Nullable URI proxy(String name, Map<String, String> environment) {
        String own = value(name, environment);
        String used = own.isEmpty() ? "all_proxy" : name;
        String text = own.isEmpty() ? value("all_proxy", environment) : own;
        if (text.isEmpty()) {
            return null;
        }
        try {
            URI proxy = URI.create(text.contains("://") ? text : "http://" + text);
            if (proxy.getHost() != null && "http".equalsIgnoreCase(proxy.getScheme())) {
                return proxy;
            }
        } catch (IllegalArgumentException e) {
            // Below, without the value: it may hold a password.
        }
        throw new InvalidSettingException(used
                + " must be an address such as http://proxy.example:3128; other kinds of proxies are not supported");
    }

    boolean isGiven() {
        return https != null || http != null;
    }

    /** Knows the user and password that the addresses of the proxies hold. */
    Optional<Authenticator> authenticator() {
        boolean needed =
                (https != null && https.getRawUserInfo() != null) || (http != null && http.getRawUserInfo() != null);
        return needed ? Optional.of(new ProxyAuthenticator()) : Optional.empty();
    }

    @Override
    public List<Proxy> select(URI address) {
        URI proxy = "https".equalsIgnoreCase(address.getScheme()) ? https : http;
        if (proxy == null || isDirect(String.valueOf(address.getHost()).toLowerCase(Locale.ROOT))) {
            return List.of(Proxy.NO_PROXY);
        }
        return List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port(proxy))));
    }

    private boolean isDirect(String host) {
        for (String name : direct) {
            String suffix = name.replaceFirst("^\\*?\\.", "").replaceFirst(":\\d+$", "");
            if (name.equals("*") || (!suffix.isEmpty() && (host.equals(suffix) || host.endsWith("." + suffix)))) {
                return true;
            }
        }
        return false;
    }

    private static int port(URI proxy) {
        return proxy.getPort() >= 0 ? proxy.getPort() : 80;
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException e) {
        // The request fails with it.
    }

    private final class ProxyAuthenticator extends Authenticator {
        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            if (getRequestorType() != RequestorType.PROXY) {
                return null;
            }
            URI proxy = https != null && isAsked(https) ? https : http;
            String user = proxy == null || !isAsked(proxy) ? null : proxy.getRawUserInfo();
            if (user == null) {
                return null;
            }
            String[] parts = user.split(":", 2);
            return new PasswordAuthentication(
                    decoded(parts[0]), decoded(parts.length > 1 ? parts[1] : "").toCharArray());
        }

        private boolean isAsked(URI proxy) {
            return proxy.getHost().equalsIgnoreCase(getRequestingHost()) && port(proxy) == getRequestingPort();
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        }
    }
}
