package org.jllm.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;

/**
 * What a request led to, after redirects.
 *
 * @param first headers of the hub's own answer, also where that was a redirect
 * @param headers of the last answer
 * @param address that the last answer came from
 */
record HubResponse(int status, HttpHeaders first, HttpHeaders headers, URI address, InputStream body)
        implements AutoCloseable {
    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            // Closing cannot fail in a way that matters: the bytes that were wanted have been read.
        }
    }
}
