package dev.igarape.jobs.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.jobs.TableRunner;
import dev.igarape.jobs.fixture.FixtureRun;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.maintenance.Clean;
import dev.igarape.jobs.maintenance.Compact;
import dev.igarape.jobs.maintenance.Expiry;
import dev.igarape.jobs.maintenance.Rollback;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.sql.SparkSqlParser;
import dev.igarape.jobs.testing.EventsLake;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.DateRange;
import dev.igarape.model.Definition;
import dev.igarape.model.HistoryDefinition;
import dev.igarape.model.Json;
import dev.igarape.model.Kinds;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Manifest;
import dev.igarape.model.ManifestFile;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.ViewDefinition;
import dev.igarape.model.compile.ProjectCompiler;
import dev.igarape.model.compile.fixture.Fixture;
import dev.igarape.model.compile.fixture.FixtureReader;
import dev.igarape.model.compile.table.KindReader;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A new kind of table needs its two halves and an entry in the lists of kinds; all the rest serves it by its traits. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class NewKindTest {
    private static final TableName RAW = TableName.parse("raw.events");
    private static final TableName TALLY = TableName.parse("trusted.tally");
    private static final TableName GOLD = TableName.parse("gold.twice");
    private static final LocalDate DATE = LocalDate.parse("2024-01-01");

    private static final Kinds NAMES = Kinds.BUILT_IN.with(TallyKind.NAME, TallyKind.Tally.class);
    private static final TableKinds KINDS =
            new TableKinds(Stream.concat(BuiltInKinds.ALL.kinds().stream(), Stream.of(new TallyKind()))
                    .toList());

    private static LocalLake local;

    @TempDir
    private Path project;

    private EventsLake events;
    private Manifest manifest;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @BeforeEach
    void open() throws Exception {
        events = new EventsLake(local);
        write("pipeline.yaml", """
                pipeline: shop
                owner: tests
                schedule: "@daily"
                start_date: 2024-01-01
                tables:
                  raw.events:
                    landing: {http: {url: "${API}/events", params: {date: "{date}"}}}
                  trusted.tally:
                    tally: {of: raw.events}
                    columns: {events: bigint}
                    retention: 7 days
                  gold.twice:
                    daily: {sql: twice.sql}
                    columns: {events: bigint}
                """);
        write("twice.sql", "SELECT 2 * events AS events FROM trusted.tally");
        List<KindReader> readers = new ArrayList<>(KindReader.BUILT_IN);
        readers.add(new TallyKind.Reader());
        manifest = new ProjectCompiler(new SparkSqlParser(), readers)
                .compile(project)
                .orThrow();
    }

    @AfterEach
    void close() {
        events.close();
    }

    /** A kind has two halves that know nothing of each other; none of them may be missing. */
    @Test
    void everyKindOfThePipelineFileCanBeBuilt() {
        assertThat(KindReader.BUILT_IN)
                .extracting(KindReader::key)
                .containsExactlyInAnyOrderElementsOf(
                        Kinds.BUILT_IN.definitions().keySet());
        assertThat(KindReader.BUILT_IN)
                .allSatisfy(reader -> assertThat(reader.definition())
                        .isEqualTo(Kinds.BUILT_IN.definitions().get(reader.key())));
        List<Definition> definitions = List.of(
                new DailyDefinition("SELECT 1"),
                new CurrentDefinition("SELECT 1", List.of("id"), List.of("at"), Optional.empty(), true),
                new HistoryDefinition(
                        "SELECT 1",
                        List.of("id"),
                        List.of("at"),
                        Optional.empty(),
                        List.of("price"),
                        new HistoryDefinition.Period("valid_from", "valid_to", "is_current"),
                        true),
                new ViewDefinition("SELECT 1"),
                new LandingDefinition(
                        new Source.Kafka(List.of("a"), "earliest", "json", Optional.empty(), Optional.empty())),
                new LandingDefinition(new Source.Http("http://a", Map.of(), "json", Optional.empty())),
                new LandingDefinition(new Source.Files("/a", "json", "", List.of(), "UTF-8")),
                new LandingDefinition(new Source.Jdbc("", "", "", "a", Optional.empty(), Map.of())));
        assertThat(definitions)
                .extracting(definition -> (Object) definition.getClass())
                .containsAll(Kinds.BUILT_IN.definitions().values());
        assertThat(definitions)
                .filteredOn(definition -> definition instanceof LandingDefinition)
                .extracting(definition ->
                        (Object) ((LandingDefinition) definition).source().getClass())
                .containsAll(List.<Object>of((Object[]) Source.class.getPermittedSubclasses()));
        assertThat(definitions)
                .allSatisfy(definition -> assertThat(BuiltInKinds.ALL.kinds())
                        .filteredOn(kind -> kind.handles(definition))
                        .hasSize(1));
    }

    @Test
    void itsTablesStandInTheManifestWithTheirTraits() throws IOException {
        String text = ManifestFile.text(manifest);
        JsonNode tally = Json.mapper().readTree(text).at("/pipelines/0/tables/1");
        assertThat(tally.at("/definition/kind").textValue()).isEqualTo("tally");
        assertThat(tally.path("traits"))
                .extracting(JsonNode::textValue)
                .containsExactly("rows", "dated", "planned", "compacted");
        assertThat(ManifestFile.parse(text, "manifest.json", NAMES)).isEqualTo(manifest);
        assertThatThrownBy(() -> ManifestFile.parse(text, "manifest.json"))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("tally");
        assertThat(manifest.table(TALLY).orElseThrow().inputs())
                .singleElement()
                .satisfies(input -> assertThat(input.table()).isEqualTo(RAW));
    }

    @Test
    void itIsBuiltReadPlannedAndPutOnRecord() throws Exception {
        assertThat(run(false)).extracting(TableRun::outcome).containsOnly(TableRun.Outcome.COMMITTED);
        assertThat(run(false)).extracting(TableRun::outcome).containsOnly(TableRun.Outcome.UNCHANGED);
        assertThat(shown(TALLY)).isEqualTo(4);
        assertThat(shown(GOLD)).isEqualTo(8);
        assertThat(plan()).containsExactly("trusted.tally fresh", "gold.twice fresh");

        events.answer("[{\"user\":\"ana\",\"kind\":\"click\"}]");
        landAgain();
        assertThat(plan()).containsExactly("trusted.tally stale", "gold.twice stale");
        try (TableRunner runner = runner(lake(Clock.systemUTC()))) {
            runner.runDue(List.of(RAW, TALLY, GOLD), Optional.empty(), BuildOverrides.NOTHING);
        }
        assertThat(shown(GOLD)).isEqualTo(2);
        assertThat(recorded("commits")).isEqualTo(2);
        assertThat(recorded("freshness")).isEqualTo(1);
    }

    @Test
    void itIsMaintained() throws Exception {
        run(false);
        events.answer("[]");
        run(true);
        assertThat(shown(TALLY)).isZero();
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(30));
        Lake lake = lake(Clock.systemUTC());
        try (Publisher publisher = lake.publisher()) {
            assertThat(new Rollback(lake, publisher).run(lake.table(TALLY), DATE, Optional.empty(), false))
                    .hasSize(1);
            assertThat(shown(TALLY)).isEqualTo(4);
            assertThat(new Compact(lake, publisher, local::spark).run(lake.table(TALLY), false))
                    .isEmpty();
            Lake month = lake(later);
            assertThat(new Expiry(month, publisher).run(month.table(TALLY), false))
                    .hasSize(1);
            assertThat(new Clean(month, publisher, Duration.ofDays(7), TestingSpark.UNUSED)
                            .run(month.table(TALLY), false))
                    .isNotEmpty();
        }
        assertThatThrownBy(() -> KINDS.of(lake.table(TALLY)).replay(null, lake.table(TALLY)))
                .hasMessageContaining("nothing of it is ever in quarantine, for it counts all rows.");
    }

    @Test
    void itIsGivenAndExpectedInTests() throws Exception {
        assertThat(test("""
                given: {raw.events: [{body: "[1]"}, {body: "[2]"}]}
                expect: {trusted.tally: [{events: 2}], gold.twice: [{events: 4}]}
                """)).isEmpty();
        assertThat(test("""
                given: {trusted.tally: [{events: 20}]}
                expect: {gold.twice: [{events: 40}]}
                """)).isEmpty();
        assertThat(test("""
                given: {trusted.tally: [{events: 20}]}
                expect: {gold.twice: [{events: 41}]}
                """)).isNotEmpty();
    }

    /** A program that is older than the manifest, or lacks an entry in its list. */
    @Test
    void aKindThatTheProgramDoesNotKnowIsRefused() throws Exception {
        Lake lake = lake(Clock.systemUTC());
        try (TableRunner runner = new TableRunner(lake, local::spark)) {
            assertThatThrownBy(() -> runner.run(List.of(TALLY), DateRange.of(DATE), RunOptions.NONE))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("Cannot build trusted.tally: this program knows no tables of kind tally.");
        }
    }

    private List<String> test(String text) throws Exception {
        write("tests/some.yaml", text);
        Fixture fixture = FixtureReader.read(
                        project, manifest, manifest.pipelines().get(0))
                .get(0);
        return new FixtureRun(manifest, KINDS, project, local.spark(), new Configuration(), Clock.systemUTC())
                .run(fixture);
    }

    private void write(String file, String text) throws IOException {
        Path path = project.resolve("pipelines/shop").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private Lake lake(Clock clock) throws IOException {
        Table[] tables = manifest.pipelines().get(0).tables().toArray(Table[]::new);
        return events.open(clock, Step.Listener.NONE, tables);
    }

    private static TableRunner runner(Lake lake) {
        return new TableRunner(lake, KINDS, local::spark, run -> {});
    }

    private List<TableRun> run(boolean refetch) throws Exception {
        try (TableRunner runner = runner(lake(Clock.systemUTC()))) {
            return runner.run(
                    List.of(RAW, TALLY, GOLD),
                    DateRange.of(DATE),
                    new RunOptions(refetch, false, BuildOverrides.NOTHING));
        }
    }

    private void landAgain() throws Exception {
        try (TableRunner runner = runner(lake(Clock.systemUTC()))) {
            runner.run(List.of(RAW), DateRange.of(DATE), new RunOptions(true, false, BuildOverrides.NOTHING));
        }
    }

    private List<String> plan() throws IOException {
        return new Planner(lake(Clock.systemUTC()))
                .plan(List.of(RAW, TALLY, GOLD)).stream()
                        .map(date -> date.table() + " " + date.status())
                        .toList();
    }

    /** The one number of the table's one date, as readers of the metastore see it. */
    private long shown(TableName table) throws Exception {
        Partition partition =
                local.partitions(events.prefix() + table.layer(), table.name()).get(0);
        Row row = local.spark().read().parquet(partition.getSd().getLocation()).first();
        return row.getLong(row.fieldIndex("events"));
    }

    /** How many rows a table of ops has of the tally. */
    private long recorded(String table) throws Exception {
        long rows = 0;
        for (Partition partition : local.partitions(events.prefix() + "ops", table)) {
            if (partition.getValues().get(0).equals(TALLY.toString())) {
                rows += local.spark()
                        .read()
                        .format("avro")
                        .load(partition.getSd().getLocation())
                        .count();
            }
        }
        return rows;
    }
}
