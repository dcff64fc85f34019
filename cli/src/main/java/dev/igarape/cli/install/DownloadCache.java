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
 * A cache of downloads, one folder for each version. A folder counts only once it is marked complete, so a download that
 * was interrupted is repeated (from the package manager's own cache, as far as that came).
 */
public final class DownloadCache {
    private static final String COMPLETE = ".complete";

    private final Path folder;
    private final Progress progress;

    public DownloadCache(Path folder, Progress progress) {
        this.folder = folder;
        this.progress = progress;
    }

    /** Downloads into an empty folder. */
    @FunctionalInterface
    public interface Filler {
        void fill(Path folder) throws IOException;
    }

    /** The folder of this name, downloaded first if it is not complete; by one process at a time. */
    public Path getOrDownload(String name, Filler filler) {
        Path target = folder.resolve(name);
        if (isComplete(target)) {
            return target;
        }
        try {
            Files.createDirectories(folder);
            // Between threads of this process a lock on a file does not wait but throws, hence the monitor.
            synchronized (name.intern()) {
                try (FileLock lock =
                        FileLock.acquire(folder.resolve("." + name + ".lock"), "the download of " + name, progress)) {
                    if (!isComplete(target)) {
                        deleteTree(target);
                        Files.createDirectories(target);
                        filler.fill(target);
                        Files.createFile(target.resolve(COMPLETE));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot fill " + target, e);
        }
        return target;
    }

    public boolean has(String name) {
        return isComplete(folder.resolve(name));
    }

    private static boolean isComplete(Path target) {
        return Files.exists(target.resolve(COMPLETE));
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
