package dev.igarape.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DaemonTest {
    private static final Duration GRACE = Duration.ofSeconds(10);

    @TempDir
    private Path state;

    private Daemon daemon;

    @BeforeEach
    void make() {
        daemon = new Daemon("sleeper", state);
    }

    @AfterEach
    void stop() {
        daemon.stop(Duration.ZERO);
    }

    private void start(String script) {
        daemon.start(
                new Daemon.Launch(
                        List.of("bash", "-c", script), Map.of("GREETING", "hello"), state, state.resolve("log")),
                "v1");
    }

    /** It begins in the session of the test. */
    private long awaitOwnSession() {
        long pid = daemon.leader().orElseThrow().pid();
        await().until(() -> daemon.leader().orElseThrow().session() == pid);
        return pid;
    }

    @Test
    void isFoundByAnotherCommand() {
        start("sleep 60");
        awaitOwnSession();
        Daemon seen = new Daemon("sleeper", state);
        assertThat(seen.leader()).isEqualTo(daemon.leader()).isPresent();
        assertThat(seen.fingerprint()).contains("v1");
    }

    @Test
    void isFoundWithoutItsNote() throws IOException {
        start("sleep 60");
        long pid = awaitOwnSession();
        Files.delete(state.resolve("run/sleeper.json"));
        assertThat(daemon.leader().map(ProcessTable.Entry::pid)).contains(pid);
        assertThat(daemon.fingerprint()).isEmpty();
    }

    @Test
    void isNotTakenForAProcessThatGotItsNumberLater() throws IOException {
        start("sleep 60");
        ProcessTable.Entry entry = daemon.leader().orElseThrow();
        Path note = state.resolve("run/sleeper.json");
        String written = Files.readString(note);
        daemon.stop(Duration.ZERO);
        Files.writeString(
                note,
                written.replace(
                                "\"pid\":" + entry.pid(),
                                "\"pid\":" + ProcessHandle.current().pid())
                        .replace("[" + entry.pid() + "]", "[]"));
        assertThat(daemon.running()).isFalse();
        assertThat(daemon.members()).isEmpty();
    }

    /** As a process is between its start and the moment in which it opens a session of its own. */
    @Test
    void takesNoneOfTheSessionInWhichItWasStarted() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sleep", "60");
        builder.environment().putAll(Map.of("IGARAPE_STATE", state.toString(), "IGARAPE_SERVER", "sleeper"));
        Process marked = builder.start();
        await().until(() -> !daemon.members().isEmpty());
        assertThat(daemon.members()).extracting(ProcessTable.Entry::pid).containsExactly(marked.pid());
        daemon.stop(Duration.ZERO);
        assertThat(marked.waitFor()).isNotZero();
    }

    @Test
    void isToldApartFromOtherStacks(@TempDir Path other) {
        start("sleep 60");
        assertThat(new Daemon("sleeper", other).running()).isFalse();
        assertThat(new Daemon("other", state).running()).isFalse();
    }

    @Test
    void endsWithAllItsDescendants() {
        start("setsid sleep 61 & bash -c 'sleep 62 & sleep 63' & sleep 64");
        await().until(() -> daemon.members().size() >= 5);
        List<ProcessTable.Entry> members = daemon.members();
        daemon.stop(GRACE);
        assertThat(members).noneMatch(ProcessTable.Entry::alive);
        assertThat(daemon.running()).isFalse();
    }

    @Test
    void endsDescendantsThatLostTheMarkAndTheirParent() {
        start("setsid env -i bash -c 'sleep 61 & sleep 62' & sleep 0.5; touch started; sleep 60");
        await().until(() ->
                Files.exists(state.resolve("started")) && daemon.members().size() >= 4);
        daemon.recordSessions();
        daemon.leader().orElseThrow().kill();
        await().until(() -> !daemon.running());
        List<ProcessTable.Entry> left = daemon.members();
        assertThat(left).isNotEmpty();
        daemon.stop(GRACE);
        assertThat(left).noneMatch(ProcessTable.Entry::alive);
    }

    @Test
    void endsByForceWhatDoesNotListen() {
        start("trap '' TERM; touch deaf; while true; do sleep 0.1; done");
        await().until(() -> Files.exists(state.resolve("deaf")));
        daemon.stop(Duration.ofMillis(300));
        assertThat(daemon.running()).isFalse();
    }

    @Test
    void writesOutputToItsLogAndSeesItsEnvironment() {
        start("echo $GREETING");
        await().untilAsserted(() -> assertThat(state.resolve("log")).hasContent("hello"));
    }
}
