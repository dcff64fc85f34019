package dev.igarape.jobs.ops;

import static dev.igarape.jobs.testing.CustomersLake.CUSTOMERS;
import static dev.igarape.jobs.testing.CustomersLake.DATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.runs.FinishedRun;
import dev.igarape.jobs.runs.StartedRun;
import dev.igarape.jobs.testing.CustomersLake;
import dev.igarape.jobs.testing.EventsLake;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the tables in {@code ops} say of a table without partitions. */
@ExtendWith(TestServers.class)
final class OpsOfDeltaTablesTest {
    private static LocalLake local;
    private EventsLake events;
    private Lake lake;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @BeforeEach
    void open() throws Exception {
        events = new EventsLake(local);
        lake = events.open(EventsLake.raw(), CustomersLake.table());
        Ledger raw = lake.ledger(EventsLake.RAW);
        Balance balance = Balance.landed(1, 1, 0);
        raw.commit(
                lake.draft(EventsLake.raw(), lake.newCommitId(), Operation.LAND)
                        .columns(Map.of("body", "string"))
                        .dates(List.of(new DateBuild(DATE, Map.of(), false, balance, List.of())))
                        .partitions(List.of(new PartitionVersion(DATE, Optional.empty(), "c/date=" + DATE, 1, 1, 9)))
                        .balance(balance)
                        .build(),
                raw.read());
        CustomersLake.commit(lake, new DeltaVersion("a/rows", 7, 1, List.of()));
    }

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void aCommitHasItsDatesAndItsVersionAndClaimsNoFiles() throws Exception {
        try (Publisher publisher = lake.publisher()) {
            new Ops(lake, publisher.ops())
                    .finished(FinishedRun.succeeded(
                            StartedRun.of(lake, CUSTOMERS, List.of(DATE)),
                            lake.clock().instant(),
                            true,
                            Optional.empty(),
                            List.of()));
        }

        assertThat(commits()).singleElement().satisfies(commit -> {
            assertThat(commit.get("delta_version")).isEqualTo(7L);
            assertThat(commit.get("first_date")).isEqualTo((int) DATE.toEpochDay());
            assertThat(commit.get("last_date")).isEqualTo((int) DATE.toEpochDay());
            assertThat(commit.get("written")).isEqualTo(10L);
            assertThat(commit.get("partitions")).isNull();
            assertThat(commit.get("files")).isNull();
            assertThat(commit.get("bytes")).isNull();
        });
    }

    @Test
    void aDateIsFreshByTheCommitThatTookItIn() throws Exception {
        assertThat(new FreshnessRows(lake).of(List.of(CUSTOMERS)).get(CUSTOMERS))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.get("date")).isEqualTo(DATE);
                    assertThat(row.get("status")).isEqualTo("fresh");
                    assertThat(row.get("sequence")).isEqualTo(1L);
                    assertThat(row.get("rows")).isNull();
                });
    }

    private List<GenericRecord> commits() throws Exception {
        List<GenericRecord> rows = new ArrayList<>();
        for (Partition partition : local.partitions(events.prefix() + "ops", "commits")) {
            Path place = Path.of(URI.create(partition.getSd().getLocation().replaceFirst("^file:/+", "file:///")));
            try (Stream<Path> files = Files.list(place)) {
                for (Path file :
                        files.filter(name -> name.toString().endsWith(".avro")).toList()) {
                    try (DataFileReader<GenericRecord> in =
                            new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
                        in.forEach(rows::add);
                    }
                }
            }
        }
        return rows;
    }
}
