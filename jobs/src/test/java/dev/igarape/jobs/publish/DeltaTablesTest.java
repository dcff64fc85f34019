package dev.igarape.jobs.publish;

import static dev.igarape.jobs.testing.CustomersLake.CUSTOMERS;
import static dev.igarape.jobs.testing.CustomersLake.DATE;
import static dev.igarape.jobs.testing.CustomersLake.emptyLog;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.testing.CustomersLake;
import dev.igarape.jobs.testing.EventsLake;
import dev.igarape.jobs.testing.Killed;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.MetastoreCalls;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Table;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a table that is kept as a Delta table is shown in the metastore. */
@ExtendWith(TestServers.class)
final class DeltaTablesTest {
    private static final Map<String, String> MORE_COLUMNS = Map.of("id", "string", "country", "string");

    private static LocalLake local;
    private EventsLake events;
    private Lake lake;
    private Publisher publisher;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @BeforeEach
    void open() throws IOException {
        events = new EventsLake(local);
        lake = lake(CustomersLake.table());
        publisher = lake.publisher();
    }

    @AfterEach
    void close() {
        publisher.close();
        events.close();
    }

    @Test
    void isAnExternalTableWithItsColumnsAndWithoutPartitions() throws Exception {
        commit("first");
        publish();

        org.apache.hadoop.hive.metastore.api.Table shown = shown();
        assertThat(shown.getTableType()).isEqualTo("EXTERNAL_TABLE");
        assertThat(shown.getParameters())
                .containsEntry("spark.sql.sources.provider", "delta")
                .containsEntry("EXTERNAL", "TRUE")
                .containsEntry("comment", "Who has ordered");
        assertThat(shown.getPartitionKeys()).isEmpty();
        assertThat(shown.getSd().getCols()).extracting(FieldSchema::getName).containsExactly("id");
        assertThat(places()).containsExactly("first", "first");
    }

    @Test
    void isNotShownBeforeItsFirstVersion() throws Exception {
        Ledger ledger = lake.ledger(CUSTOMERS);
        ledger.commit(
                lake.draft(lake.table(CUSTOMERS), lake.newCommitId(), Operation.BUILD)
                        .columns(CustomersLake.COLUMNS)
                        .build(),
                ledger.read());
        publish();
        assertThat(local.metastore().getAllDatabases()).doesNotContain(database());

        commit("first");
        publish();
        assertThat(places()).containsExactly("first", "first");
    }

    @Test
    void aVersionInTheSameFolderNeedsNoCall() throws Exception {
        commit("first");
        publish();
        commit("first");

        assertThat(callsToPublish()).isEmpty();
        try (Publisher other = lake.publisher()) {
            publisher = other;
            assertThat(callsToPublish()).isNotEmpty().allMatch(call -> call.startsWith("get_"));
        }
    }

    @Test
    void anotherFolderIsShownByOneCall() throws Exception {
        commit("first");
        publish();
        commit("second");

        assertThat(callsToPublish().stream().filter(call -> !call.startsWith("get_")))
                .singleElement()
                .asString()
                .startsWith("alter_table");
        assertThat(places()).containsExactly("second", "second");
        assertThat(callsToPublish()).isEmpty();
    }

    @Test
    void otherColumnsInTheSameFolderAreShown() throws Exception {
        commit("first");
        publish();
        CustomersLake.commit(lake, emptyLog(lake, "first"), MORE_COLUMNS, List.of());
        publish();

        assertThat(shown().getSd().getCols())
                .extracting(FieldSchema::getName)
                .containsExactlyInAnyOrder("id", "country");
    }

    @Test
    void theMetastoreIsNeverAskedForPartitions() throws Exception {
        commit("first");
        List<String> calls = new ArrayList<>(callsToPublish());
        calls.addAll(callsToPublish());
        commit("second");
        calls.addAll(callsToPublish());
        MetastoreCalls.reset();
        assertThat(publisher.isPublished(
                        lake.table(CUSTOMERS), lake.ledger(CUSTOMERS).read()))
                .isTrue();
        calls.addAll(MetastoreCalls.seen());

        assertThat(calls).contains("create_table").noneMatch(call -> call.contains("partition"));
    }

    @Test
    void quarantineHasTheDatesOfTheRowsThatWereRefused() throws Exception {
        Files.createDirectories(Path.of(java.net.URI.create(
                new TableLayout(lake.target(), lake.table(CUSTOMERS)).quarantineFolder() + "/c/date=" + DATE)));
        CustomersLake.commit(
                lake,
                emptyLog(lake, "first"),
                CustomersLake.COLUMNS,
                List.of(new PartitionVersion(DATE, Optional.empty(), "c/date=" + DATE, 1, 2, 9)));
        publish();

        assertThat(local.partitions(events.prefix() + "quarantine", "trusted_customers"))
                .singleElement()
                .satisfies(partition -> {
                    assertThat(partition.getValues()).containsExactly(DATE.toString());
                    assertThat(partition.getSd().getInputFormat()).contains("Parquet");
                });
    }

    @Test
    void whatSomebodyElseHasShownIsNoticed() throws Exception {
        commit("first");
        publish();
        Lake other = lake(CustomersLake.table());
        try (Publisher second = other.publisher()) {
            CustomersLake.commit(other, emptyLog(other, "second"));
            second.publish(other.table(CUSTOMERS), other.ledger(CUSTOMERS));
        }
        commit("third");
        publish();

        assertThat(places()).containsExactly("third", "third");
    }

    @Test
    void aFolderThatWasChangedByHandIsPutRight() throws Exception {
        commit("first");
        publish();
        org.apache.hadoop.hive.metastore.api.Table changed = shown();
        changed.getSd().getSerdeInfo().putToParameters("path", "file:/elsewhere");
        local.metastore().alter_table(database(), CUSTOMERS.name(), changed);

        assertThat(publisher.isPublished(
                        lake.table(CUSTOMERS), lake.ledger(CUSTOMERS).read()))
                .isFalse();
        publish();
        assertThat(places()).containsExactly("first", "first");
    }

    @Test
    void aFolderWithoutALogIsNotShown() throws Exception {
        commit("first");
        publish();
        CustomersLake.commit(lake, new DeltaVersion("gone", 0, 1, List.of()));

        assertThatThrownBy(this::publish)
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("trusted.customers: its Delta log in ")
                .hasMessageEndingWith(
                        "/gone is gone. Readers keep the old version; restore that folder, or build the table anew.");
        assertThat(places()).containsExactly("first", "first");
    }

    @Test
    void aPublisherThatStalledWhileAnotherOnePublishedTakesNothingBack() throws Exception {
        commit("first");
        publish();
        commit("second");
        List<String> seen = new ArrayList<>();
        Clock late = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1));
        Stalling files = new Stalling(lake.files(), () -> {
            Lake other = events.open(late, Step.Listener.NONE, EventsLake.raw(), CustomersLake.table());
            try (Publisher second = other.publisher()) {
                CustomersLake.commit(other, emptyLog(other, "third"));
                second.publish(other.table(CUSTOMERS), other.ledger(CUSTOMERS));
            }
        });
        try (Publisher stalled = new Publisher(
                lake.target(), lake.hadoop(), files, Clock.systemUTC(), "stalled", step -> seen.addAll(placesNow()))) {
            stalled.publish(lake.table(CUSTOMERS), lake.ledger(CUSTOMERS));
        }

        assertThat(seen).contains("first").doesNotContain("second");
        assertThat(places()).containsExactly("third", "third");
    }

    @Test
    void aDailyTableBecomesOneAndBack() throws Exception {
        Table daily = EventsLake.table(
                CUSTOMERS,
                new DailyDefinition("SELECT '1' AS id FROM raw.events"),
                CustomersLake.COLUMNS,
                EventsLake.RAW,
                List.of());
        Lake before = lake(daily);
        Ledger ledger = before.ledger(CUSTOMERS);
        Files.createDirectories(CustomersLake.folder(before, "c/date=" + DATE));
        ledger.commit(
                before.draft(daily, before.newCommitId(), Operation.BUILD)
                        .columns(CustomersLake.COLUMNS)
                        .partitions(List.of(new PartitionVersion(DATE, Optional.empty(), "c/date=" + DATE, 1, 1, 9)))
                        .balance(Balance.landed(1, 1, 0))
                        .build(),
                ledger.read());
        try (Publisher ofDaily = before.publisher()) {
            ofDaily.publish(daily, ledger);
        }
        commit("first");
        publish();
        assertThat(shown().getPartitionKeys()).isEmpty();
        assertThat(places()).containsExactly("first", "first");
        assertThat(callsToPublish()).isEmpty();
        commit("second");
        publish();
        assertThat(places()).containsExactly("second", "second");

        try (Publisher ofDaily = before.publisher()) {
            ofDaily.publish(daily, ledger);
        }
        assertThat(shown().getParameters()).doesNotContainKey("spark.sql.sources.provider");
        assertThat(local.partitions(database(), CUSTOMERS.name())).hasSize(1);
    }

    @Test
    void aDeathBeforeItIsShownIsMadeUpForByTheNextRun() throws Exception {
        commit("first");
        publish();
        commit("second");
        Lake dying = events.open(Clock.systemUTC(), Killed.at(Step.LEASED), EventsLake.raw(), CustomersLake.table());
        try (Publisher killed = dying.publisher()) {
            assertThatThrownBy(() -> killed.publish(dying.table(CUSTOMERS), dying.ledger(CUSTOMERS)))
                    .isInstanceOf(Killed.class);
        }
        assertThat(places()).containsExactly("first", "first");

        Lake later = events.open(
                Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)),
                Step.Listener.NONE,
                EventsLake.raw(),
                CustomersLake.table());
        try (Publisher next = later.publisher()) {
            next.publish(later.table(CUSTOMERS), later.ledger(CUSTOMERS));
        }
        assertThat(places()).containsExactly("second", "second");
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Stands still once, when a publisher looks whether the folder is there that it is about to show. */
    private static final class Stalling extends FilterFileSystem {
        private final Work meanwhile;
        private boolean done;

        private Stalling(FileSystem files, Work meanwhile) {
            super(files);
            this.meanwhile = meanwhile;
        }

        @Override
        public boolean exists(org.apache.hadoop.fs.Path path) throws IOException {
            if (!done) {
                done = true;
                try {
                    meanwhile.run();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            return super.exists(path);
        }
    }

    private Lake lake(Table customers) throws IOException {
        return events.open(EventsLake.raw(), customers);
    }

    private void commit(String in) throws IOException {
        CustomersLake.commit(lake, emptyLog(lake, in));
    }

    private void publish() throws Exception {
        publisher.publish(lake.table(CUSTOMERS), lake.ledger(CUSTOMERS));
    }

    private List<String> callsToPublish() throws Exception {
        MetastoreCalls.reset();
        publish();
        return MetastoreCalls.seen();
    }

    private String database() {
        return events.prefix() + "trusted";
    }

    private org.apache.hadoop.hive.metastore.api.Table shown() throws Exception {
        return local.metastore().getTable(database(), CUSTOMERS.name());
    }

    /** The folders that Hive and that Delta's readers go by, without that of the table. */
    private List<String> places() throws Exception {
        String root = CustomersLake.folder(lake, "").toString() + "/";
        return List.of(
                        shown().getSd().getLocation(),
                        shown().getSd().getSerdeInfo().getParameters().get("path"))
                .stream()
                .map(place ->
                        new org.apache.hadoop.fs.Path(place).toUri().getPath().replace(root, ""))
                .toList();
    }

    private List<String> placesNow() {
        try {
            return places();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
