package dev.igarape.cli.install;

import dev.igarape.cli.base.Progress;
import dev.igarape.cli.process.FileLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Downloads, each in a folder of its own whose name says the version. A folder counts only once it is marked complete,
 * so a download that was cut off is made again (out of the package manager's own cache, as far as that came).
 */
public final class DownloadCache {
    private static final String COMPLETE = ".complete";

    private final Path folder;
    private final Progress progress;

    public DownloadCache(Path folder, Progress progress) {
        this.folder = folder;
        this.progress = progress;
    }

    /** Puts the content into an empty folder. */
    @FunctionalInterface
    public interface Filler {
        void fill(Path folder) throws IOException;
    }

    /** The folder of this name, filled first if it is not complete; one process at a time fills it. */
    public Path provide(String name, Filler filler) {
        Path wanted = folder.resolve(name);
        if (complete(wanted)) {
            return wanted;
        }
        try {
            Files.createDirectories(folder);
            // Between threads of this process a lock on a file does not wait but throws, hence the monitor.
            synchronized (name.intern()) {
                try (FileLock turn =
                        FileLock.take(folder.resolve("." + name + ".lock"), "the download of " + name, progress)) {
                    if (!complete(wanted)) {
                        deleteTree(wanted);
                        Files.createDirectories(wanted);
                        filler.fill(wanted);
                        Files.createFile(wanted.resolve(COMPLETE));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot fill " + wanted, e);
        }
        return wanted;
    }

    public boolean has(String name) {
        return complete(folder.resolve(name));
    }

    private static boolean complete(Path wanted) {
        return Files.exists(wanted.resolve(COMPLETE));
    }

    /** Deletes a folder with all that is in it. */
    public static void delete(Path root) {
        try {
            deleteTree(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a folder with all that is in it; nothing when it does not exist. Links are not followed. */
    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(root)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
