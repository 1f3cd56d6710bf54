package org.jllm.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jllm.Jllm;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.catalogue.ByteSize;
import org.jllm.catalogue.Entry;
import org.jllm.catalogue.Location;
import org.jllm.catalogue.ModelSource;
import org.jllm.catalogue.OwnCatalogue;
import org.jllm.checkpoint.pack.KeptPack;
import org.jllm.checkpoint.pack.PackFolder;
import org.jllm.hub.DownloadedModels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "rm",
        description =
                "Deletes the downloaded files of models, or takes imported ones out of the catalogue; and what is packed of them.")
final class RmCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            paramLabel = "MODEL",
            arity = "1..*",
            description = "Names of 'jllm list' or 'jllm cache'; NAME@REVISION deletes only that revision.")
    private List<String> models = List.of();

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    RmCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Jllm jllm = catalogue.jllm();
        models.forEach(model -> remove(model, jllm));
        return 0;
    }

    private void remove(String model, Jllm jllm) {
        DownloadedModels downloaded = jllm.files().downloaded();
        boolean listed = jllm.catalogue().find(model).isPresent() || model.indexOf('@') > 0;
        if (!listed
                && model.matches("[\\w.-]+/[\\w.-]+")
                && downloaded.find(model).isPresent()) {
            remove(new Location.Repository(model), downloaded);
            return;
        }
        ModelSource source = jllm.catalogue().resolve(model);
        Entry entry = source.entry();
        if (source.location() instanceof Location.Embedded) {
            throw new InvalidRequestException(source.name() + " is a part of jllm and cannot be deleted");
        }
        if (!(source.location() instanceof Location.Repository repository)) {
            long packed = source.location() instanceof Location.Folder folder ? removePacks(folder.path()) : 0;
            if (packed > 0) {
                console.note("packed matrices of " + source.name() + " are deleted, " + ByteSize.format(packed)
                        + " are free");
            }
            if (entry != null && OwnCatalogue.of(System.getenv()).remove(entry.id())) {
                console.note(entry.id() + " is taken out of your catalogue; its files stay where they are");
                return;
            }
            if (packed > 0) {
                return;
            }
            throw new InvalidRequestException(
                    source.name() + " was not downloaded by jllm: its files are yours to delete");
        }
        boolean whole = entry == null || repository.equals(entry.location());
        List<Location.Repository> all = new ArrayList<>(List.of(repository));
        if (entry != null && whole) {
            for (String engine : List.of("gguf", "onnx")) {
                if (entry.siblings().on(engine) instanceof Location.Repository sibling) {
                    all.add(sibling);
                }
            }
        }
        List<Location.Repository> here = all.stream()
                .filter(each -> downloaded.find(each.id()).isPresent())
                .toList();
        if (here.isEmpty()) {
            throw new ModelNotFoundException(
                    "nothing of " + source.name() + " is on this machine (looked into " + downloaded.root() + ")");
        }
        here.forEach(each -> remove(each, downloaded));
    }

    private void remove(Location.Repository repository, DownloadedModels downloaded) {
        Optional<Path> folder = downloaded.find(repository.id()).map(DownloadedModels.Repository::folder);
        long bytes = downloaded.remove(repository).bytes();
        bytes += bytes(PackFolder.ofUser(null)
                .remove(pack -> pack.obsolete() && folder.map(pack::isOf).orElse(false), false));
        console.note(repository.text() + " is deleted, " + ByteSize.format(bytes) + " are free");
    }

    private static long removePacks(Path folder) {
        return bytes(PackFolder.ofUser(null).remove(pack -> pack.isOf(folder), false));
    }

    private static long bytes(List<KeptPack> packs) {
        return packs.stream().mapToLong(KeptPack::bytes).sum();
    }
}
