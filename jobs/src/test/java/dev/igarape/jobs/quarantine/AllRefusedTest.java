package dev.igarape.jobs.quarantine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.TableRunner;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.DateRange;
import dev.igarape.model.Definition;
import dev.igarape.model.Expectation;
import dev.igarape.model.Input;
import dev.igarape.model.Json;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs of whose file, topic or date not one row is left: they ended like any other, with exit code 0 and no word. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class AllRefusedTest {
    private static final TableName RAW = TableName.parse("raw.prices");
    private static final TableName CLICKS = TableName.parse("raw.clicks");
    private static final TableName TRUSTED = TableName.parse("trusted.prices");
    private static final DateRange DAY = DateRange.of(LocalDate.parse("2024-01-15"));
    private static final AtomicInteger LAKES = new AtomicInteger();

    private static LocalLake local;

    private String prefix;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @BeforeEach
    void open() {
        prefix = "a" + LAKES.incrementAndGet() + "_";
    }

    @Test
    void aFileThatWasRefusedAsAWholeIsWarnedOf() throws Exception {
        write("good.csv", "id,note\n1,x\n2,\"open\n");
        write("bad.csv", "id,note\n1,\"open\n2,in\"side\n3\n");
        TableRun run = run(RAW, files(Optional.empty())).get(0);
        assertThat(run.balance().written()).isEqualTo(1);
        assertThat(run.warnings())
                .singleElement()
                .asString()
                .startsWith("raw.prices: all 3 parts of ")
                .contains(
                        "bad.csv went to quarantine, most by broken_quotes (",
                        "), e.g. line 2 of ",
                        "quarantine replay");
        assertThat(Json.mapper().convertValue(run.result(), Map.class)).containsEntry("warnings", run.warnings());
        assertThat(runs()).containsExactly("committed " + run.warnings());

        assertThat(run(RAW, files(Optional.empty())).get(0).warnings()).isEmpty();
        assertThat(runs()).contains("unchanged []");
    }

    @Test
    void aTopicThatWasRefusedAsAWholeIsWarnedOf() throws Exception {
        send("a", "no JSON", "[1");
        send("b", "{}", "no JSON");
        List<TableRun> runs = run(CLICKS, topics(Optional.empty()));
        assertThat(runs.get(0).balance().quarantined()).isEqualTo(3);
        assertThat(runs.get(0).warnings())
                .singleElement()
                .asString()
                .startsWith(
                        "raw.clicks: all 2 new records of topic " + prefix + "a went to quarantine, most by not_json")
                .contains("e.g. offset 0 of partition 0 of topic " + prefix + "a.");
    }

    @Test
    void aDateThatWasRefusedAsAWholeIsWarnedOf() throws Exception {
        write("good.csv", "id,note\n1,x\n2,y\n");
        run(RAW, files(Optional.empty()));
        TableRun run = run(TRUSTED, files(Optional.empty()), trusted("id > 9", Optional.empty()))
                .get(0);
        assertThat(run.balance().quarantined()).isEqualTo(2);
        assertThat(run.warnings())
                .containsExactly(
                        "trusted.prices: all 2 rows of 2024-01-15 went to quarantine, most by known (expected id >"
                                + " 9), e.g. {\"id\":\"1\"}. Look at them with ./lake quarantine show trusted.prices. Mend the"
                                + " expectation, the SQL or the input, then give them another try with ./lake quarantine replay"
                                + " trusted.prices.");
        assertThat(run(TRUSTED, files(Optional.empty()), trusted("id > 1", Optional.empty()))
                        .get(0)
                        .warnings())
                .isEmpty();
    }

    @Test
    void aTableThatSaysFailCommitsNothing() throws Exception {
        Optional<Table.AllRefused> fail = Optional.of(Table.AllRefused.FAIL);
        write("bad.csv", "id,note\n1,\"open\n");
        refuses(RAW, "all 1 part of ", files(fail));
        assertThat(runs()).containsExactly("failed []");

        send("a", "no JSON");
        send("b", "{}");
        refuses(CLICKS, "all 1 new record of topic " + prefix + "a went", topics(fail));

        write("bad.csv", "id,note\n1,x\n");
        run(RAW, files(fail));
        refuses(TRUSTED, "all 1 row of 2024-01-15 went", files(fail), trusted("id > 9", fail));
        // What is refused is taken again.
        assertThat(run(CLICKS, topics(Optional.empty())).get(0).balance().read())
                .isEqualTo(2);
    }

    private void refuses(TableName name, String told, Table... tables) throws Exception {
        long head = lake(tables).ledger(name).read().head();
        assertThatThrownBy(() -> run(name, tables))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.EXPECTATION))
                .hasMessageContaining(told)
                .hasMessageContaining("Nothing was committed, for the table declares `all_refused: fail`");
        assertThat(lake(tables).ledger(name).read().head()).isEqualTo(head);
    }

    private Table files(Optional<Table.AllRefused> allRefused) {
        Source source = new Source.Files("/" + prefix + "landing/{date}/*.csv", "csv", ",", List.of(), "UTF-8");
        return table(RAW, new LandingDefinition(source), List.of(), List.of(), allRefused);
    }

    private Table topics(Optional<Table.AllRefused> allRefused) {
        Source source = new Source.Kafka(
                List.of(prefix + "a", prefix + "b"), "earliest", "json", Optional.empty(), Optional.empty());
        return table(CLICKS, new LandingDefinition(source), List.of(), List.of(), allRefused);
    }

    private static Table trusted(String check, Optional<Table.AllRefused> allRefused) {
        return table(
                TRUSTED,
                new DailyDefinition("SELECT row['id'] AS id FROM raw.prices"),
                List.of(new Input(RAW, 0)),
                List.of(new Expectation("known", check, Expectation.Action.QUARANTINE)),
                allRefused);
    }

    private static Table table(
            TableName name,
            Definition definition,
            List<Input> inputs,
            List<Expectation> expectations,
            Optional<Table.AllRefused> allRefused) {
        String hash = name + " " + expectations;
        return new Table(
                name, "", definition, Map.of(), inputs, expectations, "forever", Optional.empty(), allRefused, hash);
    }

    private Path folder() {
        return local.folder().resolve(prefix + "landing");
    }

    private void write(String file, String text) throws IOException {
        Path path = folder().resolve("2024-01-15").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void send(String topic, String... values) {
        local.kafka().createTopic(prefix + topic, 1, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(prefix + topic, value.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private Lake lake(Table... tables) throws IOException {
        return local.lake(prefix, Clock.systemUTC(), Step.Listener.NONE, tables);
    }

    private List<TableRun> run(TableName name, Table... tables) throws Exception {
        try (TableRunner runner = new TableRunner(lake(tables), local::spark)) {
            return runner.run(List.of(name), DAY, new RunOptions(false, false, BuildOverrides.NOTHING));
        }
    }

    /** Outcome and warnings of each run, as {@code ops.runs} has them. */
    private List<String> runs() throws Exception {
        Partition day = local.partitions(prefix + "ops", "runs").get(0);
        assertThat(local.metastore().getTable(prefix + "ops", "runs").getSd().getCols())
                .anyMatch(column ->
                        column.getName().equals("warnings") && column.getType().equals("array<string>"));
        return local
                .spark()
                .read()
                .format("avro")
                .load(day.getSd().getLocation())
                .orderBy("started_at")
                .collectAsList()
                .stream()
                .map(AllRefusedTest::shown)
                .toList();
    }

    private static String shown(Row row) {
        return row.getAs("outcome") + " " + row.getList(row.fieldIndex("warnings"));
    }
}
