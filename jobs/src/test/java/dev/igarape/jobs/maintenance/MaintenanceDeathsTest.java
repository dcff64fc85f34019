package dev.igarape.jobs.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.files.FilesLanding;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.Killed;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.job.MaintenanceAction;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Retention, clean and replay that die at each step and are run again, on a landing of files with a quarantine and a
 * real metastore. Rollback and compaction: {@link RollbackTest}, {@link CompactTest}.
 */
@ExtendWith(TestServers.class)
@Timeout(600)
final class MaintenanceDeathsTest {
    private static final TableName RAW = TableName.parse("raw.prices");
    private static final LocalDate FIRST = LocalDate.parse("2024-01-01");
    /** Longer than all that one round does, so that the next one finds a lake of old. */
    private static final int ROUND_DAYS = 40;

    private static final AtomicInteger LAKES = new AtomicInteger();

    private static LocalLake local;
    private String prefix;
    private String delimiter = ",";

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @BeforeEach
    void open() {
        prefix = "d" + LAKES.incrementAndGet() + "_";
    }

    @Test
    void retentionThatDiesAnywhereIsMadeUpForByTheNext() throws Exception {
        for (Step step : Step.values()) {
            int day = ROUND_DAYS * step.ordinal();
            LocalDate date = FIRST.plusDays(step.ordinal());
            write(date, "old", "id,note\n1,\"open\n2,fine\n");
            land(day, Step.Listener.NONE);
            write(date, "young", "id,note\n3,\"open\n4,fine\n");
            land(day + 3, Step.Listener.NONE);
            List<String> before = shown("raw", "prices");
            List<String> after = List.of("young 4");

            assertThatThrownBy(() -> expire(day + 8, Killed.at(step)))
                    .as("at %s", step)
                    .isInstanceOf(Killed.class);
            assertThat(shown("raw", "prices")).as("after dying at %s", step).isIn(before, after);
            expire(day + 8, Step.Listener.NONE);

            assertThat(shown("raw", "prices")).as("again after %s", step).isEqualTo(after);
            assertThat(shown("quarantine", "raw_prices"))
                    .as("again after %s", step)
                    .containsExactly("young 3");
            assertThat(expire(day + 8, Step.Listener.NONE)).isEmpty();
            requireWhole(1, 1);
        }
    }

    @Test
    void cleanThatDiesAnywhereIsMadeUpForByTheNext() throws Exception {
        for (Step step : Step.values()) {
            int day = ROUND_DAYS * step.ordinal();
            LocalDate date = FIRST.plusDays(step.ordinal());
            write(date, "old", "id,note\n1,\"open\n2,fine\n");
            land(day, Step.Listener.NONE);
            write(date, "old", "id,note\n1,mended\n2,fine\n");
            assertThatThrownBy(() -> land(day, Killed.at(Step.WRITTEN))).isInstanceOf(Killed.class);
            assertThatThrownBy(() -> land(day, Killed.at(Step.PREPARED))).isInstanceOf(Killed.class);
            land(day, Step.Listener.NONE);
            write(date, "young", "id,note\n3,\"open\n4,fine\n");
            land(day + 7, Step.Listener.NONE);
            expire(day + 8, Step.Listener.NONE);
            List<Path> lostFromSight = folders();
            write(date, "young", "id,note\n5,\"open\n6,fine\n");
            land(day + 10, Step.Listener.NONE);
            // A query may still be at it: readers lost sight of it six days before.
            Path lately = lostFromSight.remove(lostFromSight.size() - 1);
            List<String> seen = List.of("young 6");

            assertThatThrownBy(() -> clean(day + 16, Killed.at(step)))
                    .as("at %s", step)
                    .isInstanceOf(Killed.class);
            if (step == Step.PUBLISHED) {
                dieAmidDeleting();
            }
            assertThat(shown("raw", "prices")).as("after dying at %s", step).isEqualTo(seen);
            clean(day + 16, Step.Listener.NONE);

            assertThat(shown("raw", "prices")).as("again after %s", step).isEqualTo(seen);
            assertThat(shown("quarantine", "raw_prices"))
                    .as("again after %s", step)
                    .containsExactly("young 5");
            assertThat(folders())
                    .as("again after %s", step)
                    .hasSize(2)
                    .contains(lately)
                    .doesNotContainAnyElementsOf(lostFromSight);
            assertThat(names(ledgerFolder())).noneMatch(name -> name.contains("_tmp-"));
            assertThat(clean(day + 16, Step.Listener.NONE)).isEmpty();
            requireWhole(1, 1);
        }
    }

    @Test
    void aReplayThatDiesAnywhereLandsEachLineOnce() throws Exception {
        for (Step step : Step.values()) {
            LocalDate date = FIRST.plusDays(step.ordinal());
            delimiter = ",";
            write(date, step.toString(), "id;note\n1;\"quoted\"\n2;fine\n");
            land(0, Step.Listener.NONE);
            assertThat(shown("quarantine", "raw_prices")).hasSize(1);
            delimiter = ";";

            assertThatThrownBy(() -> replay(Killed.at(step))).as("at %s", step).isInstanceOf(Killed.class);
            replay(Step.Listener.NONE);

            assertThat(shown("raw", "prices"))
                    .as("again after %s", step)
                    .hasSize(2 * (1 + step.ordinal()))
                    .doesNotHaveDuplicates()
                    .contains(step + " 1", step + " 2");
            assertThat(shown("quarantine", "raw_prices"))
                    .as("again after %s", step)
                    .isEmpty();
            requireWhole(2L * (1 + step.ordinal()), 0);
        }
    }

    /** Deletes the first folder of those that the last clean has said will go, and no other. */
    private void dieAmidDeleting() throws IOException {
        Lake lake = lake(0, Step.Listener.NONE);
        Commit last = lake.ledger(RAW).commit(lake.ledger(RAW).read().head());
        String folder = last.cleaned().orElseThrow().folders().get(0);
        FileUtils.deleteDirectory(tableFolder().resolve(folder).toFile());
    }

    /** What the metastore shows is what the ledger holds, and each commit balances. */
    private void requireWhole(long rows, long quarantined) throws Exception {
        Lake lake = lake(0, Step.Listener.NONE);
        LedgerState state = lake.ledger(RAW).read();
        for (long sequence = 1; sequence <= state.head(); sequence++) {
            assertThat(lake.ledger(RAW).commit(sequence).balance().holds()).isTrue();
        }
        assertThat(rows(state.partitions())).isEqualTo(rows);
        assertThat(rows(state.quarantine())).isEqualTo(quarantined);
        try (Publisher publisher = lake.publisher()) {
            assertThat(publisher.isPublished(table(), state)).isTrue();
        }
    }

    private static long rows(List<CurrentPartition> partitions) {
        return partitions.stream()
                .mapToLong(placed -> placed.partition().rows())
                .sum();
    }

    private void write(LocalDate date, String name, String text) throws IOException {
        Path folder = Files.createDirectories(local.folder().resolve(prefix + "landing/" + date));
        Files.writeString(folder.resolve(name + ".csv"), text);
    }

    private void land(int day, Step.Listener steps) throws Exception {
        Lake lake = lake(day, steps);
        try (Publisher publisher = lake.publisher()) {
            new FilesLanding(lake, publisher).run(table(), source());
        }
    }

    private void replay(Step.Listener steps) throws Exception {
        Lake lake = lake(0, steps);
        try (Publisher publisher = lake.publisher()) {
            new FilesLanding(lake, publisher).replay(table(), source());
        }
    }

    private List<MaintenanceAction> expire(int day, Step.Listener steps) throws Exception {
        Lake lake = lake(day, steps);
        try (Publisher publisher = lake.publisher()) {
            return new Expiry(lake, publisher).run(table(), false);
        }
    }

    private List<MaintenanceAction> clean(int day, Step.Listener steps) throws Exception {
        Lake lake = lake(day, steps);
        try (Publisher publisher = lake.publisher()) {
            return new Clean(lake, publisher, Clean.KEPT, TestingSpark.UNUSED).run(table(), false);
        }
    }

    /** What readers of the metastore see: the file that a line came from and the first of its cells. */
    private List<String> shown(String database, String table) throws Exception {
        List<String> rows = new ArrayList<>();
        for (Partition partition : local.partitions(prefix + database, table)) {
            Path location = Path.of(URI.create(partition.getSd().getLocation()));
            for (String name : names(location)) {
                if (name.endsWith(".avro") && !name.startsWith(".")) {
                    read(location.resolve(name), rows);
                }
            }
        }
        return rows.stream().sorted().toList();
    }

    private static void read(Path file, List<String> rows) throws IOException {
        try (DataFileReader<GenericRecord> reader =
                new DataFileReader<>(file.toFile(), new GenericDatumReader<GenericRecord>())) {
            for (GenericRecord row : reader) {
                boolean refused = row.hasField("rule");
                String from = row.get(refused ? "topic" : "file").toString();
                String text = refused ? text(row) : cell((Map<?, ?>) row.get("row"));
                rows.add(from.replaceAll(".*/|\\.csv", "") + " " + text);
            }
        }
    }

    private static String text(GenericRecord refused) {
        java.nio.ByteBuffer value = (java.nio.ByteBuffer) refused.get("value");
        return java.nio.charset.StandardCharsets.UTF_8.decode(value).toString().replaceAll(",.*", "");
    }

    private static String cell(Map<?, ?> cells) {
        return cells.entrySet().stream()
                .filter(cell -> cell.getKey().toString().equals("id"))
                .map(cell -> cell.getValue().toString())
                .findFirst()
                .orElse(cells.toString());
    }

    /** Folders of commits, the oldest first. */
    private List<Path> folders() throws IOException {
        return new ArrayList<>(names(tableFolder()).stream()
                .filter(name -> name.matches("[0-9].*"))
                .map(Path::of)
                .toList());
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Path tableFolder() throws IOException {
        return Path.of(URI.create(lake(0, Step.Listener.NONE).target().folder(RAW)));
    }

    private Path ledgerFolder() throws IOException {
        return Path.of(URI.create(lake(0, Step.Listener.NONE).target().ledgerFolder(RAW)));
    }

    /** The lake so many days from now. */
    private Lake lake(int day, Step.Listener steps) throws IOException {
        Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(day));
        return local.lake(prefix, Map.of(), Map.of(), Map.of(), clock, steps, table());
    }

    private Source.Files source() {
        return new Source.Files("/" + prefix + "landing/{date}/*.csv", "csv", delimiter, List.of(), "UTF-8");
    }

    private Table table() {
        return new Table(RAW, "", new LandingDefinition(source()), Map.of(), List.of(), List.of(), "7 days", "hash");
    }
}
