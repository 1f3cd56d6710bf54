package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jllm.Jllm;
import org.jllm.catalogue.ByteSize;
import org.jllm.checkpoint.pack.KeptPack;
import org.jllm.checkpoint.pack.PackFolder;
import org.jllm.hub.CacheFolder;
import org.jllm.hub.DiskUsage;
import org.jllm.hub.DownloadedModels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "cache",
        description = "Tells what downloaded models, packed matrices and unpacked libraries take on the disk.",
        subcommands = CacheCommand.Prune.class)
final class CacheCommand implements Callable<Integer> {
    private static final String ROW = "%10s  %s%n";

    private final Console console;

    @Option(names = "--json", description = "As a JSON object.")
    private boolean json;

    CacheCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        DownloadedModels downloaded = Jllm.ofUser().files().downloaded();
        List<DownloadedModels.Repository> models = downloaded.all();
        Path own = CacheFolder.ofUser().root();
        List<Path> unpacked = children(own);
        PackFolder packs = PackFolder.ofUser(null);
        if (json) {
            console.out().println(json(downloaded, models, packs, own, unpacked));
            return 0;
        }
        console.out().println("models in " + downloaded.root());
        long sum = 0;
        for (DownloadedModels.Repository model : models) {
            sum += model.bytes();
            console.out().printf(ROW, ByteSize.format(model.bytes()), model.id() + remark(model));
        }
        console.out().println("packed matrices in " + packs.root());
        for (KeptPack pack : packs.all()) {
            sum += pack.bytes();
            String model = name(pack, downloaded);
            console.out().printf(ROW, ByteSize.format(pack.bytes()), model + " (" + pack.form() + ")" + remark(pack));
        }
        console.out().println("unpacked in " + own);
        for (Path folder : unpacked) {
            long bytes = DiskUsage.of(folder);
            sum += bytes;
            console.out().printf(ROW, ByteSize.format(bytes), folder.getFileName());
        }
        console.out().printf(ROW, ByteSize.format(sum), "together");
        return 0;
    }

    private static String remark(DownloadedModels.Repository model) {
        int revisions = model.commits().size();
        return (model.unfinishedBytes() > 0
                        ? " (" + ByteSize.format(model.unfinishedBytes()) + " of it unfinished: 'jllm pull' goes on)"
                        : "")
                + (revisions > 1 ? " (" + revisions + " revisions)" : "");
    }

    /** The model; of a pack that does not say it, the file. */
    private static String name(KeptPack pack, DownloadedModels downloaded) {
        Path named = pack.files().isEmpty() ? pack.file() : pack.model();
        return downloaded.owner(named).orElse(named.toString());
    }

    private static String remark(KeptPack pack) {
        return pack.obsolete() ? " (the model has changed or is gone: 'jllm cache prune' deletes this)" : "";
    }

    private static String json(
            DownloadedModels downloaded,
            List<DownloadedModels.Repository> models,
            PackFolder packs,
            Path own,
            List<Path> unpacked)
            throws JsonProcessingException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode node =
                mapper.createObjectNode().put("models_folder", downloaded.root().toString());
        var list = node.putArray("models");
        for (DownloadedModels.Repository model : models) {
            list.addObject()
                    .put("id", model.id())
                    .put("bytes", model.bytes())
                    .put("unfinished_bytes", model.unfinishedBytes())
                    .putPOJO("revisions", model.commits());
        }
        node.put("packs_folder", packs.root().toString());
        var packed = node.putArray("packs");
        for (KeptPack pack : packs.all()) {
            packed.addObject()
                    .put("model", name(pack, downloaded))
                    .put("form", pack.form())
                    .put("bytes", pack.bytes())
                    .put("obsolete", pack.obsolete());
        }
        node.put("unpacked_folder", own.toString());
        var folders = node.putArray("unpacked");
        for (Path folder : unpacked) {
            folders.addObject()
                    .put("name", String.valueOf(folder.getFileName()))
                    .put("bytes", DiskUsage.of(folder));
        }
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(node);
    }

    private static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isDirectory)
                    .filter(child -> !child.endsWith(PackFolder.NAME))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    @Command(
            name = "prune",
            description = {
                "Deletes cut downloads, revisions that no branch or tag is at, contents that none has,",
                "and packed matrices of models that have changed or are gone."
            })
    static final class Prune implements Callable<Integer> {
        private final Console console;

        @Option(names = "--dry-run", description = "Only tell what would be deleted.")
        private boolean dryRun;

        @Option(
                names = "--packs",
                description = "All packed matrices as well; the next load of a model makes them anew.")
        private boolean packs;

        Prune(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            DownloadedModels.Removed removed =
                    Jllm.ofUser().files().downloaded().prune(dryRun);
            removed.files().forEach(file -> console.out().println(file));
            List<KeptPack> packed = PackFolder.ofUser(null).remove(pack -> packs || pack.obsolete(), dryRun);
            packed.forEach(pack -> console.out().println(pack.file()));
            long bytes =
                    removed.bytes() + packed.stream().mapToLong(KeptPack::bytes).sum();
            console.note(ByteSize.format(bytes) + (dryRun ? " would be free" : " are free"));
            return 0;
        }
    }
}
