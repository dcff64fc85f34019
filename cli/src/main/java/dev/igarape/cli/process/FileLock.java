package dev.igarape.cli.process;

import dev.igarape.cli.base.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A lock on a file, held by one process at a time; it is released when the process ends, however it ends. */
public final class FileLock implements AutoCloseable {
    private final FileChannel channel;

    private FileLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Acquires the lock; if another process holds it, says which one, and waits.
     *
     * @param file the file to lock
     * @param command the command that this process runs, for the message of others that wait
     */
    public static FileLock acquire(Path file, String command, Progress progress) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                progress.step("Waiting for %s to end. Ctrl-C gives up.".formatted(holder(file)));
                channel.lock();
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap("%s (process %d)"
                            .formatted(command, ProcessHandle.current().pid())
                            .getBytes(StandardCharsets.UTF_8)),
                    0);
            return new FileLock(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot lock " + file, e);
        }
    }

    private static String holder(Path file) throws IOException {
        String text = Files.readString(file);
        return text.isEmpty() ? "another command" : text;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
