package dev.igarape.cli.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A disk in memory (tmpfs) that can be made too small. Needs the right to mount. */
final class SmallDisk implements AutoCloseable {
    private static final String ROOMY = "2g";

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** Whether this machine lets us mount. */
    static boolean isAllowed(Path probe) {
        try (SmallDisk disk = mount(probe, "64k")) {
            return Files.isDirectory(disk.folder());
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** @param size as mount(8) takes it */
    static SmallDisk mount(Path folder, String size) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        command("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
        return new SmallDisk(folder);
    }

    /** Mounts a roomy disk over a folder, with all that the folder holds; closing it leaves the folder so again. */
    static SmallDisk mountOver(Path folder) throws IOException, InterruptedException {
        Path aside = folder.resolveSibling(folder.getFileName() + ".aside");
        Files.move(folder, aside);
        SmallDisk disk = mount(folder, ROOMY);
        command("cp", "-a", aside + "/.", folder.toString());
        return disk;
    }

    Path folder() {
        return folder;
    }

    /** Leaves room for a few more bytes than there are: too few for a block. */
    void fill() throws IOException, InterruptedException {
        long used = Files.getFileStore(folder).getTotalSpace()
                - Files.getFileStore(folder).getUsableSpace();
        resize(used + (64 << 10) + "");
    }

    void empty() throws IOException, InterruptedException {
        resize(ROOMY);
    }

    private void resize(String size) throws IOException, InterruptedException {
        command("mount", "-o", "remount,size=" + size, folder.toString());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        Path aside = folder.resolveSibling(folder.getFileName() + ".aside");
        boolean isOver = Files.exists(aside);
        if (isOver) {
            command("rm", "-rf", aside.toString());
            command("cp", "-a", folder.toString(), aside.toString());
        }
        command("umount", folder.toString());
        if (isOver) {
            Files.delete(folder);
            Files.move(aside, folder);
        }
    }

    private static void command(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(words))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("failed: " + String.join(" ", words));
        }
    }
}
