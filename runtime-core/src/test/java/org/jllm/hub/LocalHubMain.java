package org.jllm.hub;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Serves folders as repositories of a local hub, for trials: {@code [--port N] [--cut BYTES,TIMES] ORGANISATION/NAME=FOLDER…}; with
 * {@code --cut} so many connections to the storage host are cut after so many bytes. Prints its address and runs until it is
 * ended.
 */
final class LocalHubMain {
    private LocalHubMain() {}

    public static void main(String[] arguments) throws Exception {
        int port = 0;
        String[] cut = {"0", "0"};
        List<String> repositories = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--port" -> port = Integer.parseInt(arguments[++i]);
                case "--cut" -> cut = arguments[++i].split(",", 2);
                default -> repositories.add(arguments[i]);
            }
        }
        try (LocalHub hub = LocalHub.start(port)) {
            for (String repository : repositories) {
                String[] parts = repository.split("=", 2);
                hub.with(TestRepository.of(parts[0], Path.of(parts[1])));
            }
            hub.storageFault(Integer.parseInt(cut[1]), LocalHub.cut(Integer.parseInt(cut[0])));
            System.out.println(hub.address());
            new CountDownLatch(1).await();
        }
    }
}
