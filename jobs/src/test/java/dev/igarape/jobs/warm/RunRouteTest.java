package dev.igarape.jobs.warm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.igarape.jobs.lake.Caller;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.Json;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.handover.HandedRun;
import dev.igarape.model.handover.WarmRuns;
import dev.igarape.model.job.LiveProcess;
import dev.igarape.model.job.LiveStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Runs handed over through the real client, to work that is made up. */
@ExtendWith(TestServers.class)
@Timeout(300)
final class RunRouteTest {
    private static final String TOKEN = "secret";

    @TempDir
    private Path folder;

    private CommandWork work;
    private final AtomicInteger givenUp = new AtomicInteger();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> out = new ArrayList<>();
    private final List<String> err = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private SparkSession session;
    private HttpServer server;
    private RunPool pool;
    private Path jar;
    private Path manifest;

    /** Does what the first argument says; {@code wait} stays until it is interrupted. */
    private static final class CommandWork implements Work {
        /** Static, for tasks get a copy of all else. */
        private static final CountDownLatch HELD = new CountDownLatch(1);

        private final SparkSession session;
        private final CountDownLatch waiting = new CountDownLatch(1);
        private final CountDownLatch interrupted = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);

        private CommandWork(SparkSession session) {
            this.session = session;
        }

        @Override
        public Optional<String> refusal(HandedRun run) {
            return run.arguments().get(0).equals("other") ? Optional.of("not here") : Optional.empty();
        }

        @Override
        public Ended run(HandedRun run, Caller caller, PrintWriter print, PrintWriter errors) {
            switch (run.arguments().get(0)) {
                case "wait" -> await(print);
                case "hang" -> hang();
                case "hold" -> hold();
                case "much" -> {
                    // More than sockets hold, so that its end has to wait for its caller.
                    String line = "x".repeat(10_000);
                    IntStream.range(0, 900).forEach(i -> print.println(line));
                    waiting.countDown();
                }
                case "insist" -> {
                    waiting.countDown();
                    insist(release);
                }
                case "throw" -> throw new IllegalStateException("broken");
                default -> {
                    print.println("one");
                    LoggerFactory.getLogger("dev.igarape.jobs.testing.work").info("at work");
                    errors.println("wrong: ção");
                    print.print(new java.util.TreeMap<>(caller.environment()));
                }
            }
            boolean memory = run.arguments().get(0).equals("memory");
            return new Ended(memory ? 1 : 5, memory);
        }

        /** Spark tasks on both cores that end when they are cancelled. */
        private void hang() {
            session.range(0, 1_000_000_000_000L, 1, 2)
                    .filter("(id * 31) % 7 > 7")
                    .count();
        }

        /** Spark tasks on both cores that go on when they are cancelled. */
        private void hold() {
            session.range(0, 2, 1, 2).foreachPartition((ForeachPartitionFunction<Long>) rows -> insist(HELD));
        }

        /** Waits like code that can't be interrupted. */
        private static void insist(CountDownLatch latch) {
            while (latch.getCount() > 0) {
                try {
                    latch.await();
                } catch (InterruptedException e) {
                    LoggerFactory.getLogger(RunRouteTest.class).info("goes on");
                }
            }
        }

        private void await(PrintWriter print) {
            print.println("waiting");
            waiting.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        }
    }

    @BeforeEach
    void start(TestingSpark spark) throws IOException {
        session = spark.newSession();
        work = new CommandWork(session);
        pool = new RunPool(
                1,
                work,
                session.sparkContext(),
                Clock.systemUTC(),
                meters,
                givenUp::incrementAndGet,
                Duration.ofSeconds(2));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/runs", new RunRoute(pool, TOKEN, "live"));
        server.start();
        jar = Files.writeString(folder.resolve("jobs.jar"), "jar");
        manifest = Files.writeString(folder.resolve("manifest.json"), "{\"url\": \"${API}/x/${ABSENT}\"}");
        state(TOKEN, "live");
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
        pool.refuse(Duration.ZERO);
        pool.close();
    }

    @Test
    void outputErrorsAndExitCodeComeBackAsTheyWereWritten() {
        assertThat(run(Map.of("API", "here", "PASSWORD", "hidden", "AIRFLOW_CTX_DAG_ID", "sales"), "do"))
                .hasValue(5);
        assertThat(out).containsExactly("one", "{AIRFLOW_CTX_DAG_ID=sales, API=here}");
        assertThat(err).hasSize(2);
        assertThat(err.get(0)).contains("at work");
        assertThat(err.get(1)).isEqualTo("wrong: ção");
        assertThat(pool.status()).isEmpty();
    }

    @Test
    void aRunThatThrowsEndsWithABugAndLeavesItsPlace() {
        assertThat(run(Map.of(), "throw")).hasValue(1);
        assertThat(err).anyMatch(line -> line.contains("broken"));
        assertThat(run(Map.of(), "do")).hasValue(5);
    }

    @Test
    void aCallerThatHangsUpCancelsItsRunAlone() throws Exception {
        try (Socket caller = send(TOKEN, "wait")) {
            assertThat(work.waiting.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(pool.status()).extracting(LiveStatus.RunStatus::command).containsExactly("wait --date 1");
            assertThat(run(Map.of(), "do")).isEmpty();
            assertThat(reasons).singleElement().asString().contains("503", "takes no more");
        }
        assertThat(work.interrupted.await(1, TimeUnit.MINUTES)).isTrue();
        await().untilAsserted(() -> assertThat(pool.status()).isEmpty());
        assertThat(run(Map.of(), "do")).hasValue(5);
        await().untilAsserted(() -> assertThat(meters.counter("igarape.live.runs", "result", "cancelled")
                        .count())
                .isEqualTo(1));
    }

    @Test
    void aWrongTokenAnotherLakeAndNoServiceAreRefusalsThatDidNothing() throws Exception {
        assertThat(run(Map.of(), "other")).isEmpty();
        state("guess", "live");
        assertThat(run(Map.of(), "do")).isEmpty();
        Files.delete(folder.resolve("process.json"));
        assertThat(run(Map.of(), "do")).isEmpty();
        assertThat(reasons).hasSize(3);
        assertThat(reasons.get(0)).contains("409", "not here");
        assertThat(reasons.get(1)).contains("401");
        assertThat(reasons.get(2)).contains("NoSuchFile");
        assertThat(out).isEmpty();
    }

    @Test
    void anAnswerOfAnotherServiceIsNoAnswer() throws Exception {
        state(TOKEN, "gone");
        assertThat(run(Map.of(), "do")).isEmpty();
        assertThat(reasons).singleElement().asString().contains("is not the service's any more");
        assertThat(out).isEmpty();
    }

    @Test
    void onesOwnProcessCanBeAskedFor() {
        assertThat(run(Map.of(WarmRuns.COLD, "1"), "do")).isEmpty();
        assertThat(run(Map.of("IGARAPE_HALT_AT", "commit"), "do")).isEmpty();
        assertThat(out).isEmpty();
    }

    @Test
    void aServiceThatDiesAmidARunIsAnErrorThatSaysWhatToDo() throws Exception {
        CompletableFuture<OptionalInt> end = CompletableFuture.supplyAsync(() -> run(Map.of(), "wait"), threads);
        assertThat(work.waiting.await(1, TimeUnit.MINUTES)).isTrue();
        await().untilAsserted(() -> assertThat(out).contains("waiting"));
        server.stop(0);
        assertThatThrownBy(end::get)
                .cause()
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("lost while it was at work")
                .hasMessageContaining("run again");
    }

    @Test
    void aServiceThatIsStoppedGivesUpARunThatTakesTooLong() throws Exception {
        try (Socket caller = send(TOKEN, "wait")) {
            assertThat(work.waiting.await(1, TimeUnit.MINUTES)).isTrue();
            pool.refuse(Duration.ZERO);
            pool.close();
            assertThat(work.interrupted.getCount()).isZero();
            assertThat(new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("waiting")
                    .doesNotContain("exit");
        }
        assertThat(run(Map.of(), "do")).isEmpty();
    }

    @Test
    void aServiceThatIsAskedToStopBeginsNoMoreRuns() {
        pool.refuse();
        assertThat(run(Map.of(), "do")).isEmpty();
        assertThat(reasons).singleElement().asString().contains("503", "is being stopped");
    }

    @Test
    void aServiceThatIsStoppedSendsTheAnswersOfRunsThatHaveEnded() throws Exception {
        try (Socket caller = send(TOKEN, "much")) {
            assertThat(work.waiting.await(1, TimeUnit.MINUTES)).isTrue();
            await().untilAsserted(() -> assertThat(pool.status()).isEmpty());
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(
                    () -> {
                        pool.close();
                        server.stop(0);
                    },
                    threads);
            assertThat(new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("\"exit\":5");
            stopped.get();
        }
    }

    @Test
    void aServiceThatIsStoppedDoesNotWaitForCodeThatCantBeInterrupted() throws Exception {
        try (Socket caller = send(TOKEN, "insist")) {
            assertThat(work.waiting.await(1, TimeUnit.MINUTES)).isTrue();
            pool.refuse(Duration.ZERO);
            pool.close();
            assertThat(pool.status())
                    .singleElement()
                    .extracting(LiveStatus.RunStatus::cancelled)
                    .isEqualTo(true);
            work.release.countDown();
            assertThat(caller.getInputStream().readAllBytes()).isNotEmpty();
        }
    }

    @Test
    void aRunWhoseTasksHoldUpAllOthersIsToGoOnElsewhere() throws Exception {
        CompletableFuture<OptionalInt> end = CompletableFuture.supplyAsync(() -> run(Map.of(), "hang"), threads);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> session.sparkContext().statusTracker().getActiveJobIds().length == 1);

        assertThat(session.range(10).count()).isEqualTo(10);
        assertThat(end.get()).isEmpty();
        assertThat(err).last().asString().contains("goes on in a process of its own");
        await().untilAsserted(() -> assertThat(
                        meters.counter("igarape.live.runs", "result", "moved").count())
                .isEqualTo(1));
        assertThat(run(Map.of(), "do")).hasValue(5);
    }

    @Test
    void tasksThatHoldUpAllOthersAndCantBeEndedEndTheService() throws Exception {
        CompletableFuture<OptionalInt> end = CompletableFuture.supplyAsync(() -> run(Map.of(), "hold"), threads);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> session.sparkContext().statusTracker().getActiveJobIds().length == 1);
        try {
            CompletableFuture<Long> other =
                    CompletableFuture.supplyAsync(() -> session.range(10).count(), threads);
            assertThat(end.get()).isEmpty();
            await().atMost(Duration.ofMinutes(2)).until(() -> givenUp.get() > 0);
            assertThat(other).isNotDone();
        } finally {
            CommandWork.HELD.countDown();
        }
    }

    @Test
    void aRunThatUsesUpTheMemoryEndsTheServiceOnceItsCallerKnows() {
        assertThat(run(Map.of(), "memory")).hasValue(1);
        await().untilAsserted(() -> assertThat(givenUp.get()).isEqualTo(1));
    }

    private OptionalInt run(Map<String, String> environment, String command) {
        return new WarmRuns(folder.resolve("process.json"), jar, environment, reasons::add)
                .run(List.of(command), manifest, out::add, err::add);
    }

    private void state(String token, String runId) throws IOException {
        LiveProcess process =
                new LiveProcess(1, runId, "127.0.0.1", server.getAddress().getPort(), token, List.of());
        Json.mapper().writeValue(folder.resolve("process.json").toFile(), process);
    }

    /** Hands a run over and does not read the answer. */
    private Socket send(String token, String command) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort());
        HandedRun run = new HandedRun("", List.of(command, "--target", "t", "--date", "1"), Map.of());
        byte[] body = Json.mapper().writeValueAsBytes(run);
        String head = ("POST /runs HTTP/1.1\r\nHost: here\r\nConnection: close\r\nAuthorization: Bearer %s\r\n"
                        + "Content-Length: %d\r\n\r\n")
                .formatted(token, body.length);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().write(body);
        return socket;
    }
}
