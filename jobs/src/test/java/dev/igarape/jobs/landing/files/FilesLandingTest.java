package dev.igarape.jobs.landing.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.daily.DailyBuild;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Input;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** Landing of files on a real metastore, with files on the local disk. */
final class FilesLandingTest extends FilesLandingTestBase {
    private static final LocalDate DAY = LocalDate.parse("2024-01-01");

    @Test
    void landsEachFileOnceOnTheDateOfItsPath() throws Exception {
        write("2024-01-01/a.csv", "id,note\n1,x\n2,\"y\nz\"\n");
        write("2024-01-02/b.csv", "id,note\n3,\n");
        TableRun first = land();
        assertThat(first.balance()).isEqualTo(Balance.landed(3, 3, 0));
        assertThat(land().outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        write("2024-01-02/c.csv", "id,note\n4,w\n");
        assertThat(land().balance()).isEqualTo(Balance.landed(1, 1, 0));
        assertThat(rows("raw", "prices"))
                .containsExactlyInAnyOrder(
                        "2024-01-01 a.csv 2 {id=1, note=x}",
                        "2024-01-01 a.csv 3 {id=2, note=y\nz}",
                        "2024-01-02 b.csv 2 {id=3, note=null}",
                        "2024-01-02 c.csv 2 {id=4, note=w}");
    }

    @Test
    void brokenQuotesGoToQuarantineAndNothingIsLost() throws Exception {
        write("2024-01-01/a.csv", "id,note\n1,\"open\n2,fine\n3,in\"side\n");
        assertThat(land().balance()).isEqualTo(Balance.landed(3, 1, 2));
        assertThat(rows("quarantine", "raw_prices"))
                .containsExactlyInAnyOrder(
                        "2024-01-01 a.csv 2 broken_quotes [1,\"open]", "2024-01-01 a.csv 4 broken_quotes [3,in\"side]");
    }

    @Test
    void aChangedFileReplacesItsRows() throws Exception {
        write("2024-01-01/a.csv", "id,note\n1,\"open\n2,fine\n");
        write("2024-01-01/b.csv", "id,note\n9,other\n");
        land();
        write("2024-01-01/a.csv", "id,note\n1,mended\n2,fine\n");
        assertThat(land().balance()).isEqualTo(Balance.landed(2, 2, 0));
        assertThat(rows("raw", "prices"))
                .containsExactlyInAnyOrder(
                        "2024-01-01 a.csv 2 {id=1, note=mended}",
                        "2024-01-01 a.csv 3 {id=2, note=fine}",
                        "2024-01-01 b.csv 2 {id=9, note=other}");
        assertThat(rows("quarantine", "raw_prices")).isEmpty();
    }

    @Test
    void aFileThatWasOnlyTouchedIsLeftAlone() throws Exception {
        Path file = write("2024-01-01/a.csv", "id\n1\n");
        land();
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
        assertThat(land().outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
    }

    @Test
    void halfWrittenFilesWait() throws Exception {
        for (String name : List.of("_a.csv", ".a.csv", "a.csv._COPYING_", "a.csv.tmp")) {
            write("2024-01-01/" + name, "id\n1\n");
        }
        assertThat(land(source("*")).balance()).isEqualTo(Balance.NONE);
        assertThat(land(source("*")).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
    }

    @Test
    void aMisspeltFolderIsNamed() {
        Source.Files elsewhere = new Source.Files("/nowhere/{date}/*.csv", "csv", ",", List.of(), "UTF-8");
        assertThatThrownBy(() -> land(elsewhere))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_INPUT))
                .hasMessageContaining("there is no folder")
                .hasMessageContaining("/nowhere");
    }

    @Test
    void aPathWithoutDateTakesTheDayOfWritingInThePipelinesTimezone() throws Exception {
        Path file = write("x.json", "{\"id\":1}\nnonsense\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2024-01-01T23:59:59Z")));
        Source.Files json = new Source.Files("/" + prefix + "landing/*.json", "json", "", List.of(), "UTF-8");
        assertThat(land(json).balance()).isEqualTo(Balance.landed(2, 1, 1));
        assertThat(local.partitions(prefix + "raw", "prices"))
                .singleElement()
                .satisfies(p -> assertThat(p.getValues().get(0)).isEqualTo("2024-01-01"));
    }

    @Test
    void dyingAnywhereAndRunningAgainLandsEachRecordOnce() throws Exception {
        int expected = 0;
        for (Step step : Step.values()) {
            write("2024-01-01/" + step + ".csv", "id\n1\n2\n");
            expected += 2;
            Step.Listener dies = reached -> {
                if (reached == step) {
                    throw new Killed();
                }
            };
            assertThatThrownBy(() -> land(source("*.csv"), dies)).isInstanceOf(Killed.class);
            land();
            assertThat(rows("raw", "prices")).as("after dying at %s", step).hasSize(expected);
        }
    }

    @Test
    void dailyTablesReadCellsByColumn(TestingSpark spark) throws Exception {
        write("2024-01-01/a.csv", "id,price\n1,2.50\n2,0.50\n");
        land();
        Table sums = new Table(
                TableName.parse("trusted.sums"),
                "",
                new DailyDefinition("SELECT sum(CAST(row['price'] AS DECIMAL(10,2))) AS total FROM raw.prices"),
                Map.of(),
                List.of(new Input(RAW, 0)),
                List.of(),
                "forever",
                "sums");
        Lake lake = local.lake(prefix, Map.of(), Step.Listener.NONE, raw(source("*.csv")), sums);
        SparkSession session = spark.newSession();
        try (Publisher publisher = lake.publisher()) {
            DailyBuild build = new DailyBuild(lake, publisher, () -> session);
            build.run(sums, List.of(DAY, DAY.plusDays(1)), BuildOverrides.NOTHING);
            List<String> paths = new ArrayList<>();
            for (Partition partition : local.partitions(prefix + "trusted", "sums")) {
                paths.add(partition.getSd().getLocation());
            }
            assertThat(session.read()
                            .parquet(paths.toArray(new String[0]))
                            .collectAsList()
                            .toString())
                    .contains("[3.00]", "[null]");
            write("2024-01-02/b.csv", "id,price\n3,7\n");
            land();
            assertThat(build.run(sums, List.of(DAY, DAY.plusDays(1)), BuildOverrides.NOTHING))
                    .extracting(TableRun::outcome)
                    .containsExactly(TableRun.Outcome.UNCHANGED, TableRun.Outcome.COMMITTED);
        }
    }

    @Test
    void theLedgerSaysWhichFilesWereTaken() throws Exception {
        write("2024-01-01/a.csv", "id\n1\n");
        land();
        Lake lake = local.lake(prefix, Map.of(), Step.Listener.NONE, raw(source("*.csv")));
        LedgerState state = lake.ledger(RAW).read();
        assertThat(state.files()).hasSize(1);
        assertThat(state.files().entrySet().iterator().next())
                .satisfies(e -> assertThat(e.getKey()).endsWith("/2024-01-01/a.csv"))
                .satisfies(e -> assertThat(e.getValue().length()).isEqualTo(5))
                .satisfies(e -> assertThat(e.getValue().sha256()).matches("[0-9a-f]{64}"));
    }

    @Test
    void blankLinesAreCountedAsDropped() throws Exception {
        write("2024-01-01/a.csv", "id\r\r1\r\r\r2\r");
        TableRun run = land();
        assertThat(run.balance()).isEqualTo(new Balance(5, 2, 0, 3, 0, 0, 0));
        assertThat(run.warnings()).isEmpty();
        assertThat(rows("raw", "prices")).containsExactly("2024-01-01 a.csv 3 {id=1}", "2024-01-01 a.csv 6 {id=2}");
    }

    @Test
    void filesThatHoldNoRowAreNamed() throws Exception {
        write("2024-01-01/a.csv", "id\n1\n");
        write("2024-01-01/b.csv", "id,name\r\n");
        write("2024-01-01/c.csv", "\n\n");
        write("2024-01-01/d.csv", "\uFEFF");
        write("2024-01-01/empty.csv", "");
        TableRun run = land();
        assertThat(run.balance()).isEqualTo(new Balance(3, 1, 0, 2, 0, 0, 0));
        assertThat(run.warnings())
                .singleElement()
                .asString()
                .startsWith("3 of 5 new files hold bytes, but no row: ")
                .contains("b.csv (9 bytes)", "c.csv (2 bytes)", "d.csv (3 bytes)");
        assertThat(land().warnings()).isEmpty();
    }

    @Test
    void aReplayMendsFilesOnceTheirEncodingIsDeclared() throws Exception {
        write("2024-01-01/a.csv", "ação;preço\nvenda;1,50\n".getBytes(Charset.forName("windows-1252")));
        write("2024-01-01/b.csv", "acao;nome\n1;Conceição\n2;Ana\n".getBytes(Charset.forName("windows-1252")));
        Source.Files undeclared =
                new Source.Files("/" + prefix + "landing/{date}/*.csv", "csv", ";", List.of(), "UTF-8");
        assertThat(land(undeclared).balance()).isEqualTo(Balance.landed(4, 1, 3));
        Source.Files declared =
                new Source.Files("/" + prefix + "landing/{date}/*.csv", "csv", ";", List.of(), "windows-1252");
        Table table = raw(declared);
        Lake lake = local.lake(prefix, Map.of(), Step.Listener.NONE, table);
        try (Publisher publisher = lake.publisher()) {
            assertThat(new FilesLanding(lake, publisher).replay(table, declared).balance())
                    .isEqualTo(Balance.landed(3, 3, 0));
        }
        assertThat(rows("raw", "prices"))
                .containsExactlyInAnyOrder(
                        "2024-01-01 a.csv 2 {ação=venda, preço=1,50}",
                        "2024-01-01 b.csv 2 {acao=1, nome=Conceição}",
                        "2024-01-01 b.csv 3 {acao=2, nome=Ana}");
        assertThat(rows("quarantine", "raw_prices")).isEmpty();
    }

    /** Not caught anywhere: stands for a process that dies. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }
}
