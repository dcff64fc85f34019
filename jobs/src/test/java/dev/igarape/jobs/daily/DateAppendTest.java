package dev.igarape.jobs.daily;

import static dev.igarape.jobs.testing.ClicksLake.DATE;
import static dev.igarape.jobs.testing.ClicksLake.NEXT_DAY;
import static dev.igarape.jobs.testing.ClicksLake.NOON;
import static dev.igarape.jobs.testing.ClicksLake.QUARTERS;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.ExpectationResult;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.storage.DataFiles;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.ClicksTestBase;
import dev.igarape.model.Expectation;
import dev.igarape.model.error.LakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.Test;

/** Builds of a table whose query works row by row: they add what is new to what stands. */
final class DateAppendTest extends ClicksTestBase {
    private static final Expectation COUNTED = new Expectation("counted", "clicks > 0", Expectation.Action.QUARANTINE);
    private static final Expectation FEW = new Expectation("few", "clicks < 100", Expectation.Action.WARN);

    private Lake at(String now, Expectation... expectations) throws Exception {
        return clicks.open(now, Step.Listener.NONE, ClicksLake.eachClick(expectations));
    }

    private static Commit head(Lake lake) throws Exception {
        return lake.ledger(WINDOWS).commit(lake.ledger(WINDOWS).read().head());
    }

    @Test
    void aStepReadsOnlyNewRowsAndWritesTheIntervalsThatGetThem() throws Exception {
        Lake lake = at(NOON);
        for (int second = 0; second < 5; second++) {
            clicks.click(lake, "ana", "10:00:0" + second);
        }
        clicks.build(lake, WINDOWS, QUARTERS);
        clicks.click(lake, "bia", "10:04:00");
        clicks.click(lake, "bot", "10:30:00");
        clicks.click(lake, "bia", "10:20:00");

        assertThat(rowsRead(() -> clicks.build(lake, WINDOWS))).isEqualTo(3);

        assertThat(head(lake).partitions())
                .extracting(PartitionVersion::interval)
                .containsExactlyInAnyOrder(Optional.of("10:00"), Optional.of("10:20"));
        assertThat(head(lake).balance()).isEqualTo(Balance.landed(7, 7, 0));
        assertThat(head(lake).computed()).isEqualTo(Balance.landed(2, 2, 0));
        clicks.build(lake, QUARTERS);
        assertThat(clicks.shown(lake, WINDOWS))
                .containsExactly(
                        "10:00 ana 1",
                        "10:00 ana 1",
                        "10:00 ana 1",
                        "10:00 ana 1",
                        "10:00 ana 1",
                        "10:04 bia 1",
                        "10:20 bia 1");
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 6", "10:15 1");
    }

    @Test
    void rowsThatTheQueryLeavesOutChangeNothing() throws Exception {
        Lake lake = at(NOON);
        clicks.click(lake, "ana", "10:00:00");
        clicks.build(lake, WINDOWS);
        clicks.click(lake, "bot", "10:00:01");
        clicks.build(lake, WINDOWS);
        assertThat(head(lake).partitions()).isEmpty();
        assertThat(clicks.build(lake, WINDOWS)).extracting(TableRun::outcome).containsOnly(TableRun.Outcome.UNCHANGED);
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 1");
    }

    @Test
    void refusedRowsJoinThoseOfTheirIntervalInQuarantine() throws Exception {
        Lake lake = at(NOON, COUNTED);
        clicks.click(lake, "ana", "10:00:00");
        clicks.click(lake, "ana", "10:01:00", -1);
        clicks.click(lake, "ana", "11:00:00", -1);
        clicks.build(lake, WINDOWS);
        clicks.click(lake, "bia", "10:02:00", -2);
        clicks.click(lake, "bia", "10:02:30");
        clicks.build(lake, WINDOWS);

        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 1", "10:02 bia 1");
        List<String> refused = new ArrayList<>();
        lake.ledger(WINDOWS)
                .read()
                .quarantineOf(DATE)
                .forEach(placed -> refused.add(placed.partition().interval().get() + " "
                        + placed.partition().rows()));
        assertThat(refused).containsExactlyInAnyOrder("10:00 2", "11:00 1");
        String folder = lake.target().folder(WINDOWS.quarantine());
        PartitionVersion ten = head(lake).quarantine().get(0);
        assertThat(local.spark()
                        .read()
                        .parquet(folder + "/" + ten.path())
                        .select("row")
                        .collectAsList())
                .extracting(row -> row.getString(0))
                .anyMatch(row -> row.contains("-1"))
                .anyMatch(row -> row.contains("-2"))
                .hasSize(2);
    }

    @Test
    void aDateInOnePieceKeepsItsBalanceOverAllOfItsRows() throws Exception {
        Lake lake = at(NEXT_DAY, COUNTED, FEW);
        clicks.click(lake, "ana", "10:00:00", 100);
        clicks.click(lake, "bot", "10:00:00");
        clicks.click(lake, "ana", "10:01:00", -1);
        clicks.build(lake, WINDOWS);
        clicks.click(lake, "bia", "11:00:00", 200);
        clicks.click(lake, "bot", "12:00:00");
        clicks.click(lake, "bia", "12:00:00", -1);

        assertThat(rowsRead(() -> clicks.build(lake, WINDOWS)))
                .isGreaterThanOrEqualTo(3)
                .isLessThan(8);

        DateBuild build = head(lake).dates().get(0);
        assertThat(build.rowWise()).isTrue();
        assertThat(build.balance()).isEqualTo(new Balance(6, 2, 2, 0, 2, 0, 0));
        assertThat(build.expectations()).extracting(ExpectationResult::failed).containsExactly(0L, 2L, 2L);
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 100", "11:00 bia 200");

        clicks.click(lake, "bot", "13:00:00");
        clicks.build(lake, WINDOWS);
        assertThat(head(lake).balance()).isEqualTo(new Balance(7, 2, 2, 0, 3, 0, 0));
        assertThat(head(lake).computed()).isEqualTo(new Balance(1, 0, 0, 0, 1, 0, 0));
        assertThat(head(lake).partitions().get(0).rowsByCommit().orElseThrow().commits())
                .isEqualTo(SequenceSet.of(2L));
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 100", "11:00 bia 200");
    }

    @Test
    void aFailedExpectationOfNewRowsKeepsTheOldVersion() throws Exception {
        Expectation positive = new Expectation("positive", "clicks > 0", Expectation.Action.FAIL);
        Lake lake = at(NOON, positive);
        clicks.click(lake, "ana", "10:00:00");
        clicks.build(lake, WINDOWS);
        clicks.click(lake, "ana", "10:01:00", -1);
        assertThatThrownBy(() -> clicks.build(lake, WINDOWS))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("positive (clicks > 0): 1 rows");
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 1");
        assertThat(lake.ledger(WINDOWS).read().head()).isEqualTo(1);
    }

    @Test
    void aDateIsComputedAgainWhereItsFilesAreNotWholeOrItsDefinitionHasChanged() throws Exception {
        Lake lake = at(NOON);
        clicks.click(lake, "ana", "10:00:00");
        clicks.build(lake, WINDOWS);
        for (FileStatus file : files(lake)) {
            lake.files().delete(file.getPath(), false);
        }
        clicks.click(lake, "bia", "10:01:00");
        assertThat(rowsRead(() -> clicks.build(lake, WINDOWS))).isEqualTo(1 + 2);
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 1", "10:01 bia 1");

        clicks.click(lake, "ana", "11:00:00");
        clicks.build(lake, WINDOWS);
        lake.files().delete(files(lake, "11:00").get(0).getPath(), false);
        clicks.click(lake, "bia", "10:01:30");
        clicks.click(lake, "bia", "11:01:00");
        // The first interval has been joined when the second one is found to lack its file.
        clicks.build(lake, WINDOWS);
        assertThat(clicks.shown(lake, WINDOWS))
                .containsExactly("10:00 ana 1", "10:01 bia 1", "10:01 bia 1", "11:00 ana 1", "11:01 bia 1");

        Lake redefined = at(NOON, FEW);
        clicks.click(redefined, "bia", "10:02:00");
        assertThat(rowsRead(() -> clicks.build(redefined, WINDOWS))).isEqualTo(6);
        assertThat(clicks.shown(redefined, WINDOWS)).hasSize(6);
    }

    @Test
    void manySmallRowGroupsAreWrittenAsOne() throws Exception {
        Lake lake = at(NOON);
        List<Integer> groups = new ArrayList<>();
        for (int step = 0; step < 34; step++) {
            clicks.click(lake, "ana", "10:00:%02d".formatted(step));
            clicks.build(lake, WINDOWS);
            groups.add(rowGroups(lake));
        }
        assertThat(groups).startsWith(1, 2, 3).contains(32).endsWith(1, 2);
        assertThat(clicks.shown(lake, WINDOWS)).hasSize(34);
        assertThat(files(lake)).hasSize(1);
    }

    private static int rowGroups(Lake lake) throws Exception {
        int groups = 0;
        for (FileStatus file : files(lake)) {
            try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromStatus(file, lake.hadoop()))) {
                groups += reader.getRowGroups().size();
            }
        }
        return groups;
    }

    private static List<FileStatus> files(Lake lake) throws Exception {
        return files(lake, "10:00");
    }

    private static List<FileStatus> files(Lake lake, String interval) throws Exception {
        PartitionVersion partition = lake.ledger(WINDOWS).read().partitionsOf(DATE).stream()
                .map(placed -> placed.partition())
                .filter(placed -> placed.interval().equals(Optional.of(interval)))
                .findFirst()
                .orElseThrow();
        return DataFiles.list(lake.files(), new Path(lake.target().folder(WINDOWS), partition.path()));
    }
}
