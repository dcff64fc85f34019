package dev.igarape.jobs.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.maintenance.Compact;
import dev.igarape.jobs.maintenance.Repair;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.CustomersLake;
import dev.igarape.jobs.testing.EventsLake;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.SnapshotLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.Refresh;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.Inspected;
import dev.igarape.model.job.Inspected.Finding;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people on call are told of tables, without a Spark session. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class InspectionTest {
    private static final TableName CUSTOMERS = SnapshotLake.CUSTOMERS;
    private static final String TO_RECORD =
            "a repair is due, which would have recorded what runs had committed to the Delta table";
    private static final String TO_PUBLISH = "a repair is due, which would have published what was committed";

    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    /** A current table, and a history. */
    @ParameterizedTest
    @EnumSource(
            value = Refresh.class,
            names = {"NEVER", "VALIDITY"})
    void aTableWithKeysIsToldByItsLedgerAndItsDeltaTable(Refresh refresh) throws Exception {
        boolean isHistory = refresh == Refresh.VALIDITY;
        SnapshotLake customers = lake("told_" + refresh.name().toLowerCase(Locale.ROOT) + "_", refresh);
        customers.sendCustomer("b", "Bia", 1);
        customers.customer("a", "Ana", 1);
        customers.customer("a", "Anna", 2);
        assertThat(inspected(customers).findings())
                .containsExactly(new Finding(false, TO_PUBLISH, "./lake repair trusted.customers"));

        // As a run leaves it that dies between the two commits.
        delete(customers, open(customers).target().ledgerFolder(CUSTOMERS) + "/000000000002.json");
        assertThat(inspected(customers).findings()).extracting(Finding::problem).containsExactly(TO_RECORD, TO_PUBLISH);
        repair(customers);
        Inspected found = inspected(customers);
        assertThat(found.findings()).isEmpty();
        assertThat(found.kind()).isEqualTo(isHistory ? "history" : "current");
        assertThat(found.last().map(Inspected.LastCommit::sequence)).contains(2L);
        assertThat(found.dates()).isEqualTo(Map.of("fresh", 1L));
        assertThat(found.rows()).isEmpty();
        assertThat(found.quarantined()).isZero();

        Inspected.Keyed keyed = found.keyed().orElseThrow();
        assertThat(keyed.version()).isEqualTo(1);
        assertThat(keyed.changedAt())
                .isEqualTo(open(customers).ledger(CUSTOMERS).commit(2).committedAt());
        assertThat(keyed.remembered() > 0).isEqualTo(isHistory);
        Row detail = local.spark()
                .sql("DESCRIBE DETAIL " + delta(keyed))
                .select("numFiles", "sizeInBytes")
                .head();
        String[] files =
                local.spark().read().format("delta").load(keyed.folder()).inputFiles();
        long hidden = local.spark().read().parquet(files).count()
                - local.spark().read().format("delta").load(keyed.folder()).count();
        assertThat(hidden).isPositive();
        assertThat(keyed.files())
                .contains(new Inspected.Files(detail.getLong(0), detail.getLong(1), hidden, detail.getLong(0)));

        Inspected landed = inspected(customers, SnapshotLake.RAW_CUSTOMERS);
        assertThat(landed.kind()).isEqualTo("landing");
        assertThat(landed.dates()).isEqualTo(Map.of("landed", 1L));
        assertThat(landed.rows()).contains(3L);
        assertThat(landed.keyed()).isEmpty();
    }

    @Test
    void filesAreSmallOfWhichTwoFitIntoOneForTheirBytes() {
        long megabyte = 1 << 20;
        assertThat(Compact.smallFiles(12, 1_000)).isEqualTo(12);
        assertThat(Compact.smallFiles(12, 160 * megabyte)).isEqualTo(2);
        assertThat(Compact.smallFiles(12, 176 * megabyte)).isEqualTo(1);
        // None is merged of four files of 20 MB and nine of 32 MB.
        assertThat(Compact.smallFiles(4 + 9, (4 * 20 + 9 * 32) * megabyte)).isZero();
        assertThat(Compact.smallFiles(12, 1600 * megabyte)).isZero();
    }

    @Test
    void propertiesThatOthersHaveSwitchedOffAreFound() throws Exception {
        SnapshotLake customers = lake("switched_", Refresh.NEVER);
        customers.customer("a", "Ana", 1);
        repair(customers);
        Inspected.Keyed keyed = inspected(customers).keyed().orElseThrow();
        switchAll(keyed, false);
        // Other programs than Delta's own sum up nothing.
        delete(customers, keyed.folder() + "/_delta_log/%020d.crc".formatted(1));

        Inspected found = inspected(customers);
        assertThat(found.keyed().flatMap(Inspected.Keyed::files)).isEmpty();
        assertThat(found.findings()).allMatch(Finding::failed).hasSize(2);
        assertThat(found.findings().get(0).problem()).startsWith("deletion vectors were switched off");
        assertThat(found.findings().get(1).problem()).startsWith("it is to have a change feed");
        assertThat(found.findings())
                .extracting(Finding::remedy)
                .allMatch(remedy -> remedy.startsWith("In Spark: ALTER TABLE " + delta(keyed) + " SET TBLPROPERTIES"));
        switchAll(keyed, true);
        assertThat(inspected(customers).findings()).isEmpty();
    }

    private static void switchAll(Inspected.Keyed keyed, boolean on) {
        local.spark()
                .sql("ALTER TABLE " + delta(keyed) + " SET TBLPROPERTIES ('delta.enableDeletionVectors' = '" + on
                        + "', 'delta.enableChangeDataFeed' = '" + on + "')");
    }

    /** Also once a step has gone on from there. */
    @Test
    void changesOfOtherProgramsAreFound() throws Exception {
        SnapshotLake customers = lake("others_", Refresh.NEVER);
        customers.sendCustomer("b", "Bia", 1);
        customers.customer("a", "Ana", 1);
        repair(customers);
        Inspected.Keyed keyed = inspected(customers).keyed().orElseThrow();
        local.spark().sql("DELETE FROM " + delta(keyed) + " WHERE id = 'b'");
        customers.customer("c", "Caio", 1);
        assertThat(inspected(customers).keyed().map(Inspected.Keyed::version)).contains(2L);
        assertThat(inspected(customers).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.failed()).isTrue();
            assertThat(finding.problem())
                    .isEqualTo("another program has changed its Delta table " + keyed.folder()
                            + " in version 1 (DELETE), so its rows may not be those that its events make");
            assertThat(finding.remedy())
                    .contains("delete its ledger " + open(customers).target().ledgerFolder(CUSTOMERS));
        });
    }

    /** A step on an older copy would commit as if it had the events that only the lost versions have. */
    @Test
    void anOlderCopyOfTheDeltaTableIsFoundAndNotBuiltOn() throws Exception {
        SnapshotLake customers = lake("older_", Refresh.NEVER);
        customers.customer("a", "Ana", 1);
        customers.customer("b", "Bia", 1);
        repair(customers);
        Inspected.Keyed keyed = inspected(customers).keyed().orElseThrow();
        delete(customers, keyed.folder() + "/_delta_log/%020d.json".formatted(1));
        delete(customers, keyed.folder() + "/_delta_log/%020d.crc".formatted(1));

        String lost =
                "its ledger names version 1 of its Delta table " + keyed.folder() + ", whose log ends with version 0,"
                        + " since an older copy of the folder was put back or files of the log were deleted";
        assertThat(inspected(customers).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.problem()).isEqualTo(lost));
        customers.sendCustomer("c", "Caio", 1);
        customers.build(SnapshotLake.RAW_CUSTOMERS, List.of(SnapshotLake.FIRST));
        assertThatThrownBy(customers::buildCustomers)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.EXPECTATION))
                .hasMessage(
                        "Cannot build or compact trusted.customers: " + lost + ". Put back a copy of the folder that"
                                + " has version 1, from a backup or a snapshot of HDFS, or delete the table's ledger and build all"
                                + " dates again.");
        assertThat(customers.state(CUSTOMERS).head()).isEqualTo(2);

        delete(customers, keyed.folder() + "/_delta_log");
        assertThat(inspected(customers).findings())
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.problem()).isEqualTo("its Delta table " + keyed.folder() + " is gone"));
    }

    @Test
    void whatIsRememberedAndGoneIsFound() throws Exception {
        EventsLake events = new EventsLake(local);
        Lake lake = events.open(EventsLake.raw(), CustomersLake.table());
        String rows = lake.newCommitId() + "/rows";
        CustomersLake.commit(
                lake,
                new DeltaVersion(
                        rows,
                        CustomersLake.append(lake, local.spark(), rows, 1),
                        1,
                        List.of("gone/deleted"),
                        Optional.empty(),
                        false,
                        Optional.of("2024-01-01T00:00:00Z")));
        try (Publisher publisher = lake.publisher()) {
            Inspected found = new Inspection(lake, publisher).of(lake.table(CUSTOMERS), List.of());
            assertThat(found.findings())
                    .extracting(Finding::problem)
                    .anyMatch(problem -> problem.startsWith("its folder ")
                            && problem.endsWith("gone/deleted, with what it remembers beside its rows, is gone"));
            assertThat(found.keyed().flatMap(Inspected.Keyed::forgotten)).contains("2024-01-01T00:00:00Z");
        } finally {
            events.close();
        }
    }

    private static SnapshotLake lake(String prefix, Refresh refresh) {
        return new SnapshotLake(local, prefix, refresh, false);
    }

    private static Lake open(SnapshotLake customers) throws Exception {
        return customers.open(Clock.systemUTC());
    }

    private static Inspected inspected(SnapshotLake customers) throws Exception {
        return inspected(customers, CUSTOMERS);
    }

    private static Inspected inspected(SnapshotLake customers, TableName table) throws Exception {
        Lake lake = open(customers);
        try (Publisher publisher = lake.publisher()) {
            return new Inspection(lake, publisher).of(lake.table(table), new Planner(lake).plan(Set.of(table)));
        }
    }

    private static void repair(SnapshotLake customers) throws Exception {
        Lake lake = open(customers);
        try (Publisher publisher = lake.publisher()) {
            new Repair(lake, publisher).run(lake.table(CUSTOMERS), false);
        }
    }

    private static void delete(SnapshotLake customers, String file) throws Exception {
        assertThat(open(customers).files().delete(new org.apache.hadoop.fs.Path(file), true))
                .isTrue();
    }

    private static String delta(Inspected.Keyed keyed) {
        return "delta.`" + keyed.folder() + "`";
    }
}
