package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.cli.demo.checked.Capture;
import dev.igarape.cli.demo.checked.CapturedDatabase;
import dev.igarape.model.Json;
import dev.igarape.model.targets.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Kafka Connect, the broker and the database are killed while rows change. Afterwards the table of captured changes is what the
 * database's is.
 *
 * <p>{@code igarape.faults=long} kills each of them 30 times, {@code short} once; without either nobody is killed.
 * {@code igarape.faults.seed} decides what is written, and when who is killed; {@code igarape.faults.only} leaves it out if it has no
 * match in {@value #NAME}. The stack is one of its own: Airflow keeps its state in the database that is killed here.
 */
@Order(7)
@EnabledIf("isWanted")
final class CaptureKillsIT {
    static final String NAME = "connect, kafka and postgres killed under a capture";

    private static final List<String> STRUCK = List.of("connect", "kafka", "postgres");
    private static final int ROUNDS =
            System.getProperty("igarape.faults", "short").equals("long") ? 30 : 1;
    private static final long SEED = Long.getLong("igarape.faults.seed", 20_240_101L);
    /** In the long form, the table follows after so many rounds, so that later changes meet rows that are there. */
    private static final int ROUNDS_BETWEEN_RUNS = 10;

    private static final int LONGEST_WAIT_MILLIS = 3_000;
    private static final Path STATE = DemoStack.HOME.resolve("cli/target/capture-kills");
    private static final LakeCommand LAKE = new LakeCommand(DemoStack.HOME, STATE);
    private static final Capture CAPTURE = new Capture("struck", "struck.public.struck");

    private static StackProject project;

    static boolean isWanted() {
        return List.of("short", "long").contains(System.getProperty("igarape.faults", ""))
                && Pattern.compile(System.getProperty("igarape.faults.only", ""))
                        .matcher(NAME)
                        .find();
    }

    @BeforeAll
    static void start() throws Exception {
        LAKE.startAnew();
        up();
        project = StackProject.on(LAKE, STATE, "kills_");
        project.write("pipelines/struck/pipeline.yaml", """
                pipeline: struck
                owner: tests
                schedule: none
                start_date: 2024-01-01
                tables:
                  raw.struck_changes:
                    landing: {kafka: {topics: [struck.public.struck], tombstones: drop}}
                  trusted.struck:
                    current: {from: raw.struck_changes, cdc: debezium, keys: [id]}
                    columns: {id: bigint, note: string, amount: "decimal(10,2)", at: timestamp}
                """);
        project.write("connect/struck.json", """
                {"name": "struck", "config": {
                  "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
                  "database.hostname": "${env:STACK_POSTGRES_HOST}",
                  "database.port": "${env:STACK_POSTGRES_PORT}",
                  "database.user": "${env:STACK_POSTGRES_USER}",
                  "database.password": "${env:STACK_POSTGRES_PASSWORD}",
                  "database.dbname": "shop",
                  "plugin.name": "pgoutput",
                  "slot.name": "struck",
                  "publication.name": "struck",
                  "publication.autocreate.mode": "filtered",
                  "table.include.list": "public.struck",
                  "topic.prefix": "struck",
                  "topic.creation.default.partitions": "1",
                  "topic.creation.default.replication.factor": "-1"
                }}
                """);
        project.sql(
                "CREATE TABLE struck (id bigint PRIMARY KEY, note text, amount numeric(10,2), at timestamptz)",
                // Values of more than 2 kB then stand beside the row, and updates that leave them do not tell them.
                "ALTER TABLE struck ALTER note SET STORAGE EXTERNAL",
                "INSERT INTO struck SELECT i, repeat('large ', 2000), i / 100.0, now() FROM generate_series(1, 50) i");
    }

    @AfterAll
    static void stop() throws Exception {
        LAKE.run("down").succeeded();
    }

    private static void up() throws Exception {
        LAKE.run("up", "--only", "storage,connect").succeeded();
    }

    @Test
    void theTableIsWhatTheDatabaseHas() throws Exception {
        project.lake("connect", "apply").succeeded();
        Random random = new Random(SEED);
        int killed = 0;
        try (ChangingRows changes = new ChangingRows(project::connection, random.nextLong())) {
            changes.awaitMore(20);
            build();
            for (int round = 1; round <= ROUNDS; round++) {
                List<String> order = new ArrayList<>(STRUCK);
                Collections.shuffle(order, random);
                boolean together = random.nextBoolean();
                for (String server : order) {
                    kill(server, random.nextInt(LONGEST_WAIT_MILLIS));
                    killed++;
                    if (!together) {
                        up();
                    }
                }
                up();
                changes.awaitMore(20);
                if (round % ROUNDS_BETWEEN_RUNS == 0) {
                    build();
                }
            }
        }
        assertThat(killed).isEqualTo(ROUNDS * STRUCK.size());

        catchUp();
        build();
        LakeCommand.Result compared = reconcile();
        assertThat(compared.status()).as(compared.out() + compared.err()).isZero();

        // The comparison would have seen what the table lacks.
        project.sql("UPDATE struck SET amount = amount + 1 WHERE id = 0");
        assertThat(reconcile().status()).isEqualTo(5);
    }

    private static void kill(String server, int afterMillis) throws Exception {
        long pid = Json.mapper()
                .readTree(STATE.resolve("run/" + server + ".json").toFile())
                .path("pid")
                .asLong();
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        try {
            process.onExit().get(afterMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // The moment has come, and it runs.
        }
        assertThat(process.destroyForcibly())
                .as(server + " was there to be killed")
                .isTrue();
        process.onExit().get();
    }

    /** Waits until the topic has all changes. A connector that has failed is restarted, as an operator would. */
    private static void catchUp() throws Exception {
        Target target = Json.mapper().readValue(STATE.resolve("target.json").toFile(), Target.class);
        Map<String, String> login = Map.of(
                "STACK_POSTGRES_HOST",
                "127.0.0.1",
                "STACK_POSTGRES_PORT",
                Json.mapper()
                        .readTree(STATE.resolve("ports.json").toFile())
                        .path("postgres")
                        .asText(),
                "STACK_POSTGRES_USER",
                "lake",
                "STACK_POSTGRES_PASSWORD",
                project.password());
        new CapturedDatabase(login, target, connector -> apply())
                .change(CAPTURE, List.of("INSERT INTO struck VALUES (0, 'the last change', 0, now())"));
    }

    private static void apply() {
        try {
            project.lake("connect", "apply").succeeded();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A landing is never due: what its topic has is not known before it is asked. */
    private static void build() throws Exception {
        project.lake("run", "raw.struck_changes", "--date", "2024-01-01").succeeded();
        project.lake("run", "trusted.struck", "--due").succeeded();
    }

    private static LakeCommand.Result reconcile() throws Exception {
        return project.lake(
                "reconcile",
                "trusted.struck",
                "--url",
                "${SHOP_DB}",
                "--user",
                "lake",
                "--password",
                "${SHOP_PASSWORD}",
                "--source",
                "public.struck");
    }
}
