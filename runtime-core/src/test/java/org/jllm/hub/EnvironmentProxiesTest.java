package org.jllm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jllm.api.InvalidSettingException;
import org.jllm.catalogue.HubOptions;
import org.junit.jupiter.api.Test;

class EnvironmentProxiesTest {
    private static String proxy(Map<String, String> environment, String address) {
        Proxy proxy =
                new EnvironmentProxies(environment).select(URI.create(address)).get(0);
        return proxy.type() == Proxy.Type.DIRECT
                ? "direct"
                : String.valueOf(proxy.address()).replaceFirst("/<.*>", "");
    }

    @Test
    void lowerCaseCountsBeforeUpperCase() {
        Map<String, String> environment = Map.of("https_proxy", "http://a:1", "HTTPS_PROXY", "http://b:2");
        assertThat(proxy(environment, "https://hub.example/")).isEqualTo("a:1");
        assertThat(proxy(environment, "http://hub.example/")).isEqualTo("direct");
        assertThat(proxy(Map.of("HTTPS_PROXY", "b:2"), "https://hub.example/")).isEqualTo("b:2");
        assertThat(proxy(Map.of("all_proxy", "http://c"), "http://hub.example/"))
                .isEqualTo("c:80");
    }

    @Test
    void someHostsAreReachedDirectly() {
        Map<String, String> environment =
                Map.of("https_proxy", "http://a:1", "no_proxy", "localhost, .example.org,other.com");
        assertThat(proxy(environment, "https://localhost/")).isEqualTo("direct");
        assertThat(proxy(environment, "https://hub.example.org/")).isEqualTo("direct");
        assertThat(proxy(environment, "https://other.com/")).isEqualTo("direct");
        assertThat(proxy(environment, "https://another.com/")).isEqualTo("a:1");
        assertThat(proxy(Map.of("https_proxy", "http://a:1", "NO_PROXY", "*"), "https://x/"))
                .isEqualTo("direct");
    }

    @Test
    void otherKindsAreRefusedWithoutShowingAPassword() {
        assertThatThrownBy(() -> new EnvironmentProxies(Map.of("all_proxy", "socks5://me:secret@host:1")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("all_proxy")
                .hasMessageNotContaining("secret");
    }

    @Test
    void requestsGoThroughTheProxyWithItsPassword() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String password = String.valueOf(exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
            seen.add(exchange.getRequestURI() + " " + password);
            exchange.getResponseHeaders().set("Proxy-Authenticate", "Basic realm=\"x\"");
            exchange.sendResponseHeaders(password.equals("null") ? 407 : 200, -1);
            exchange.close();
        });
        server.start();
        try {
            HubAccess access =
                    HubAccess.of(new HubOptions("http://hub.invalid", null, null), Map.of("HOME", "/nowhere"));
            String proxy = "http://me:p%40ss@127.0.0.1:" + server.getAddress().getPort();
            HubHttp http = new HubHttp(access, Map.of("http_proxy", proxy), Duration.ofSeconds(5));
            try (HubResponse response = http.get(URI.create("http://hub.invalid/x"), null)) {
                assertThat(response.status()).isEqualTo(200);
            }
        } finally {
            server.stop(0);
        }
        // me:p@ss
        assertThat(seen).last().isEqualTo("http://hub.invalid/x Basic bWU6cEBzcw==");
    }
}
