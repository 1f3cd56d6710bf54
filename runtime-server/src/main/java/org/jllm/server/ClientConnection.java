package org.jllm.server;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.Connection;

/**
 * Notices that the client of a request has gone while nothing is written to it. For use by the thread that answers, after the
 * request's body has been read: nobody else reads from the connection then.
 */
final class ClientConnection {
    private static final int PEEKED = 1024;

    private final Connection connection;
    private boolean watching = true;

    ClientConnection(Context context) {
        connection = ServletContextRequest.getServletContextRequest(context.req())
                .getConnectionMetaData()
                .getConnection();
    }

    /** Whether the client has closed the connection; does not block. */
    boolean isGone() {
        if (!connection.getEndPoint().isOpen()) {
            return true;
        }
        if (!watching || !(connection instanceof Connection.UpgradeTo http)) {
            return false;
        }
        try {
            ByteBuffer ahead = ByteBuffer.allocate(PEEKED);
            ahead.flip();
            int read = connection.getEndPoint().fill(ahead);
            if (read > 0) {
                // The beginning of the next request: given to who reads that, and a sign of life.
                http.onUpgradeTo(ahead);
                watching = false;
            }
            return read < 0;
        } catch (IOException e) {
            return true;
        }
    }
}
