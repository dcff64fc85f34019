package dev.igarape.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileLockTest {
    @TempDir
    private Path folder;

    private final List<String> said = new CopyOnWriteArrayList<>();

    @Test
    void waitsForAnotherProcessAndSaysForWhich() throws Exception {
        Process other = other();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("taken");
            CompletableFuture<FileLock> turn = CompletableFuture.supplyAsync(this::take);
            await().untilAsserted(() -> assertThat(said)
                    .containsExactly(
                            "Waiting for ./lake demo (process %d) to end. Ctrl-C gives up.".formatted(other.pid())));
            assertThat(turn).isNotDone();
            other.destroyForcibly();
            turn.get().close();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void saysNothingWhereNobodyIsBefore() {
        take().close();
        take().close();
        assertThat(said).isEmpty();
    }

    private FileLock take() {
        return FileLock.acquire(folder.resolve("lock"), "./lake up", said::add);
    }

    private Process other() throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        folder.resolve("lock").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Has the turn until its input ends. */
    static final class Other {
        private Other() {}

        public static void main(String[] arguments) throws IOException {
            try (FileLock lock = FileLock.acquire(Path.of(arguments[0]), "./lake demo", line -> {})) {
                System.out.println("taken");
                System.in.read();
            }
        }
    }
}
