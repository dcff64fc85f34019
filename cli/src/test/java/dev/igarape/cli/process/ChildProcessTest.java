package dev.igarape.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ChildProcessTest {
    /** Waits for a child that never ends, and says which one. */
    static final class Parent {
        public static void main(String[] arguments) throws Exception {
            try (ChildProcess child = ChildProcess.start(new ProcessBuilder("tail", "-f", "/dev/null"))) {
                System.out.println(child.process().pid());
                child.waitFor();
            }
        }
    }

    @Test
    void endsWhenItsParentIsToldTo() throws Exception {
        Process parent = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = parent.inputReader(StandardCharsets.UTF_8)) {
            ProcessHandle child =
                    ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
            parent.destroy();
            try {
                assertThat(child.onExit().get(1, TimeUnit.MINUTES)).isNotNull();
            } finally {
                child.destroyForcibly();
            }
        } finally {
            parent.destroyForcibly();
        }
    }
}
