package dev.igarape.jobs.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Cleaned;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.CommitResult;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.testing.EventsLake;
import dev.igarape.jobs.testing.Killed;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.MetastoreCalls;
import dev.igarape.jobs.testing.MovedClock;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A table of dates and batches, published by one publisher that goes on, by two in turn, and against changes by hand. */
@ExtendWith(TestServers.class)
final class PublisherTest {
    private static final TableName NAME = TableName.parse("raw.prices");
    private static final LocalDate MONDAY = LocalDate.parse("2024-01-01");
    private static final LocalDate TUESDAY = MONDAY.plusDays(1);

    /** A publish that knows what was shown before: what it is about to change, the change, and a look at it. */
    private static final List<String> CHANGE_OF_ONE =
            List.of("get_partitions_by_names", "alter_partition", "get_partitions_by_names");

    private static LocalLake local;
    private final MovedClock clock = new MovedClock("2024-01-03T12:00:00Z");
    private final List<AutoCloseable> open = new ArrayList<>();
    private EventsLake events;
    private Process live;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @BeforeEach
    void open() throws IOException {
        events = new EventsLake(local);
        open.add(events);
        live = process(Step.Listener.NONE);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void aPublisherLooksOnlyAtWhatHasChangedSinceItsLastTime() throws Exception {
        live.put(Map.of(key(MONDAY, "a"), "first", key(TUESDAY, "a"), "first"));
        live.publish();
        live.put(Map.of(key(MONDAY, "a"), "second"));

        assertThat(live.callsToPublish()).isEqualTo(CHANGE_OF_ONE);

        assertThat(shown()).containsExactly("2024-01-01 a second", "2024-01-02 a first");
    }

    @Test
    void asksTheMetastoreNothingWhereNothingIsNew() throws Exception {
        live.put(Map.of(key(MONDAY, "a"), "first"));
        live.publish();

        assertThat(live.callsToPublish()).isEmpty();
    }

    @Test
    void aPublisherThatStartedOnAPublishedTableKnowsItToo() throws Exception {
        live.put(Map.of(key(MONDAY, "a"), "first"));
        live.publish();
        Process next = process(Step.Listener.NONE);

        assertThat(next.callsToPublish()).contains("get_partitions");
        assertThat(next.callsToPublish()).isEmpty();
        next.put(Map.of(key(MONDAY, "a"), "second"));
        assertThat(next.callsToPublish()).isEqualTo(CHANGE_OF_ONE);
    }

    @Test
    void comparesAllOnceSomebodyElseHasPublished() throws Exception {
        live.put(Map.of(key(MONDAY, "a"), "first", key(TUESDAY, "a"), "first"));
        live.publish();
        Process other = process(Step.Listener.NONE);
        other.put(Map.of(key(TUESDAY, "a"), "other"));
        other.publish();
        live.put(Map.of(key(MONDAY, "a"), "second"));

        assertThat(live.callsToPublish()).contains("get_partitions");
        live.put(Map.of(key(MONDAY, "a"), "third"));
        assertThat(live.callsToPublish()).isEqualTo(CHANGE_OF_ONE);

        assertThat(shown()).containsExactly("2024-01-01 a third", "2024-01-02 a other");
    }

    @Test
    void twoPublishersInTurnShowEachCommit() throws Exception {
        Process other = process(Step.Listener.NONE);
        for (int turn = 1; turn <= 3; turn++) {
            live.put(Map.of(key(MONDAY, "a"), "live" + turn));
            live.publish();
            assertThat(shown()).contains("2024-01-01 a live" + turn);
            other.put(Map.of(key(MONDAY, "a"), "other" + turn));
            other.publish();
            assertThat(shown()).containsExactly("2024-01-01 a other" + turn);
        }
    }

    @Test
    void publishesWhatADeadRunHasCommitted() throws Exception {
        live.put(Map.of(key(MONDAY, "a"), "first"));
        live.publish();
        process(Step.Listener.NONE).put(Map.of(key(TUESDAY, "a"), "dead"));

        assertThat(live.callsToPublish()).isNotEmpty();

        assertThat(shown()).containsExactly("2024-01-01 a first", "2024-01-02 a dead");
    }

    @Test
    void comparesAllAfterAPublishOfItsOwnFailed() throws Exception {
        for (Step step : List.of(Step.LEASED, Step.ALTERED, Step.ADDED, Step.PUBLISHED)) {
            Killable failing = new Killable();
            Process once = process(failing);
            once.put(Map.of(key(MONDAY, "a"), "before " + step));
            once.publish();
            once.put(Map.of(key(MONDAY, "a"), "after " + step, key(TUESDAY, step.toString()), "new"));
            failing.then = Killed.at(step);
            assertThatThrownBy(once::publish).isInstanceOf(Killed.class);
            failing.then = Step.Listener.NONE;

            once.publish();

            assertThat(shown())
                    .as("after %s", step)
                    .contains("2024-01-01 a after " + step, "2024-01-02 " + step + " new");
        }
    }

    @Test
    void whatIsChangedByHandIsPutRightWithinMinutes() throws Exception {
        live.put(Map.of(key(MONDAY, "a"), "first", key(TUESDAY, "a"), "first"));
        live.publish();
        moveByHand(TUESDAY, "a");
        live.put(Map.of(key(MONDAY, "a"), "second"));
        live.publish();
        assertThat(shown()).contains("2024-01-02 a by-hand");

        clock.forward(Publisher.COMPARED_FOR);
        live.publish();

        assertThat(shown()).containsExactly("2024-01-01 a second", "2024-01-02 a first");
    }

    @Test
    void whatIsChangedByHandIsPutRightAtOnceWhereItIsLookedFor() throws Exception {
        live.put(Map.of(key(MONDAY, "a"), "first", key(TUESDAY, "a"), "first"));
        live.publish();
        moveByHand(TUESDAY, "a");

        assertThat(live.publisher.isPublished(table(), live.ledger().read())).isFalse();
        live.publish();

        assertThat(shown()).containsExactly("2024-01-01 a first", "2024-01-02 a first");
    }

    @Test
    void aPartitionThatWasDroppedByHandComesBackWithTheNextPublish() throws Exception {
        live.put(Map.of(key(MONDAY, "a"), "first", key(TUESDAY, "a"), "first"));
        live.publish();
        local.metastore().dropPartition(database(), "prices", List.of("2024-01-01", "a"), false);
        live.put(Map.of(key(MONDAY, "a"), "second"));

        live.publish();

        assertThat(shown()).containsExactly("2024-01-01 a second", "2024-01-02 a first");
    }

    @Test
    void partitionsThatWereCleanedAwayAreDropped() throws Exception {
        live.put(Map.of(key(MONDAY, "a"), "first", key(TUESDAY, "a"), "first"));
        live.publish();
        live.clean(key(MONDAY, "a"));

        live.publish();

        assertThat(shown()).containsExactly("2024-01-02 a first");
    }

    @Test
    void partitionsThatWereCleanedAwayAreDroppedWithAnotherChange() throws Exception {
        live.put(Map.of(key(MONDAY, "a"), "first", key(TUESDAY, "a"), "first"));
        live.publish();
        live.clean(key(MONDAY, "a"));
        live.put(Map.of(key(TUESDAY, "a"), "second"));

        live.publish();

        assertThat(shown()).containsExactly("2024-01-02 a second");
    }

    @Test
    void aLedgerThatWasRestoredFromAnOlderBackupIsPublishedAsItIs() throws Exception {
        live.put(Map.of(key(MONDAY, "a"), "first"));
        live.put(Map.of(key(MONDAY, "a"), "lost", key(TUESDAY, "a"), "lost"));
        live.publish();
        Path ledger = Path.of(URI.create(live.lake.target().ledgerFolder(NAME)));
        Files.delete(ledger.resolve("000000000002.json"));
        Files.deleteIfExists(ledger.resolve(".000000000002.json.crc"));
        process(Step.Listener.NONE).put(Map.of(key(TUESDAY, "b"), "instead"));

        live.publish();

        assertThat(shown()).containsExactly("2024-01-01 a first", "2024-01-02 b instead");
    }

    @Test
    void aDateThatChangesAndGrowsFlipsInOneCall() throws Exception {
        live.put(Map.of(key(MONDAY, "a"), "first"));
        live.publish();
        live.put(Map.of(key(MONDAY, "a"), "second", key(MONDAY, "b"), "second"));

        assertThat(live.callsToPublish())
                .containsExactly(
                        "get_partitions_by_names", "add_partition", "alter_partition", "get_partitions_by_names");
        assertThat(shown()).containsExactly("2024-01-01 a second", "2024-01-01 b second");
    }

    @Test
    void addsWhatADateGetsInAdditionWithoutRowsBeforeItFlips() throws Exception {
        live.put(Map.of(key(MONDAY, "a"), "first"));
        live.publish();
        live.put(Map.of(key(MONDAY, "a"), "second", key(MONDAY, "b"), "second"));
        PartitionDifference difference = PartitionDifference.of(
                local.partitions(database(), "prices"),
                new TableLayout(live.lake.target(), table()).main(live.ledger().read()),
                live.ledger().read().partitions());

        assertThat(difference.added()).isEmpty();
        assertThat(difference.born()).singleElement().satisfies(born -> {
            assertThat(born.getValues()).containsExactly("2024-01-01", "b");
            assertThat(born.getSd().getLocation()).endsWith("/prices/empty");
        });
        assertThat(difference.changed())
                .extracting(Partition::getValues)
                .containsExactlyInAnyOrder(List.of("2024-01-01", "a"), List.of("2024-01-01", "b"));
    }

    @Test
    void batchesThatOnlyComeInAdditionAreAddedInOneCall() throws Exception {
        live.put(Map.of(key(MONDAY, "a"), "first"));
        live.publish();
        live.put(Map.of(key(MONDAY, "b"), "second", key(TUESDAY, "b"), "second"));

        assertThat(live.callsToPublish())
                .containsExactly("get_partitions_by_names", "add_partition", "get_partitions_by_names");
    }

    @Test
    void aPublisherThatStalledWhileAnotherOnePublishedTakesNothingBack() throws Exception {
        live.put(Map.of(key(MONDAY, "a"), "first"));
        live.publish();
        live.put(Map.of(key(MONDAY, "a"), "second"));
        List<String> seen = new ArrayList<>();
        Stalling files = new Stalling(live.lake.files(), this::publishMeanwhile);
        try (Publisher stalled = new Publisher(
                live.lake.target(), live.lake.hadoop(), files, clock, "stalled", step -> seen.addAll(shownNow()))) {
            stalled.publish(table(), live.ledger());
        }

        assertThat(seen).contains("2024-01-01 a first", "2024-01-01 a third").doesNotContain("2024-01-01 a second");
        assertThat(shown()).containsExactly("2024-01-01 a third");
    }

    /** Stands still once, when a publisher looks whether the folders are there that it is about to show. */
    private static final class Stalling extends FilterFileSystem {
        private final Runnable meanwhile;
        private boolean done;

        private Stalling(FileSystem files, Runnable meanwhile) {
            super(files);
            this.meanwhile = meanwhile;
        }

        @Override
        public boolean exists(org.apache.hadoop.fs.Path path) throws IOException {
            if (!done) {
                done = true;
                meanwhile.run();
            }
            return super.exists(path);
        }
    }

    private List<String> shownNow() {
        try {
            return shown();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The lease has expired, and another process publishes a later commit. */
    private void publishMeanwhile() {
        try {
            clock.forward(Duration.ofMinutes(1));
            Process other = process(Step.Listener.NONE);
            other.put(Map.of(key(MONDAY, "a"), "third"));
            other.publish();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A process with a publisher and ledgers of its own. */
    private Process process(Step.Listener steps) throws IOException {
        Process process = new Process(events.open(clock, steps, table()));
        open.add(process.publisher);
        return process;
    }

    private static final class Process {
        private final Lake lake;
        private final Publisher publisher;

        private Process(Lake lake) {
            this.lake = lake;
            this.publisher = lake.publisher();
        }

        private Ledger ledger() throws IOException {
            return lake.ledger(NAME);
        }

        private void publish() throws Exception {
            publisher.publish(table(), ledger());
        }

        private List<String> callsToPublish() throws Exception {
            MetastoreCalls.reset();
            publish();
            return MetastoreCalls.seen();
        }

        /** Commits partitions with these folders. */
        private void put(Map<PartitionVersion.Key, String> folders) throws IOException {
            List<PartitionVersion> partitions = new ArrayList<>();
            for (Map.Entry<PartitionVersion.Key, String> each : sorted(folders).entrySet()) {
                PartitionVersion.Key key = each.getKey();
                String path = each.getValue() + "/date=" + key.date() + "/batch="
                        + key.batch().orElseThrow();
                Files.createDirectories(
                        Path.of(URI.create(lake.target().folder(NAME))).resolve(path));
                partitions.add(new PartitionVersion(key.date(), key.batch(), path, 1, 1, 1));
            }
            commit(lake.draft(table(), lake.newCommitId(), Operation.LAND)
                    .columns(Map.of("body", "string"))
                    .partitions(partitions)
                    .balance(Balance.landed(partitions.size(), partitions.size(), 0))
                    .build());
        }

        /** Commits that a partition is gone. */
        private void clean(PartitionVersion.Key key) throws IOException {
            commit(lake.draft(table(), lake.newCommitId(), Operation.CLEAN)
                    .cleaned(new Cleaned(List.of(key), List.of(), List.of(), List.of()))
                    .build());
        }

        private void commit(Commit draft) throws IOException {
            assertThat(ledger().commit(draft, ledger().read())).isInstanceOf(CommitResult.Committed.class);
        }

        private static Map<PartitionVersion.Key, String> sorted(Map<PartitionVersion.Key, String> folders) {
            Map<PartitionVersion.Key, String> sorted =
                    new TreeMap<>(Comparator.comparing(PartitionVersion.Key::toString));
            sorted.putAll(folders);
            return sorted;
        }
    }

    /** A listener that a test exchanges. */
    private static final class Killable implements Step.Listener {
        private Step.Listener then = Step.Listener.NONE;

        @Override
        public void reached(Step step) {
            then.reached(step);
        }
    }

    private static PartitionVersion.Key key(LocalDate date, String batch) {
        return new PartitionVersion(date, Optional.of(batch), "", 0, 0, 0).key();
    }

    private void moveByHand(LocalDate date, String batch) throws Exception {
        Partition partition = local.metastore().getPartition(database(), "prices", List.of(date.toString(), batch));
        String location = partition.getSd().getLocation();
        partition.getSd().setLocation(location.replaceAll("/[^/]*/date=", "/by-hand/date="));
        local.metastore().alter_partition(database(), "prices", partition, null);
    }

    private String database() {
        return events.prefix() + "raw";
    }

    /** Date, batch and commit folder of each partition. */
    private List<String> shown() throws Exception {
        return local.partitions(database(), "prices").stream()
                .map(partition -> String.join(" ", partition.getValues()) + " "
                        + partition.getSd().getLocation().replaceAll(".*/prices/([^/]*)/date=.*", "$1"))
                .sorted()
                .toList();
    }

    private static Table table() {
        Source source = new Source.Files("/landing/*.csv", "csv", ",", List.of(), "UTF-8");
        return new Table(NAME, "", new LandingDefinition(source), Map.of(), List.of(), List.of(), "forever", "raw");
    }
}
