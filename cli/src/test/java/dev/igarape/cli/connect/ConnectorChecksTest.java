package dev.igarape.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.cli.connect.ConnectorHealth.Finding;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of replication slots, which are given here as a database would show them. */
final class ConnectorChecksTest {
    private static final long GIGABYTE = 1L << 30;
    private static final ReplicationSlot READ = new ReplicationSlot("orders", true, "reserved", 1_000, 0);

    @TempDir
    private Path folder;

    /** How many times a database was asked. */
    private int asked;

    @Test
    void aSlotThatIsReadIsNoFinding() {
        List<ConnectorHealth> health = check(List.of(connector("orders", "orders", "shop")), List.of(READ));
        assertThat(health).flatExtracting(ConnectorHealth::findings).isEmpty();
        assertThat(health.get(0).slot()).contains(READ);
        assertThat(health.get(0).settled()).isTrue();
    }

    @Test
    void muchWalIsToldThoughSomebodyReadsIt() {
        ReplicationSlot gigabyte = new ReplicationSlot("orders", true, "extended", GIGABYTE, GIGABYTE);
        assertThat(findings(gigabyte)).isEmpty();
        ReplicationSlot more = new ReplicationSlot("orders", true, "extended", 3 * GIGABYTE, 0);
        assertThat(findings(more)).singleElement().satisfies(finding -> {
            assertThat(finding.failed()).isFalse();
            assertThat(finding.problem()).isEqualTo("PostgreSQL keeps 3.0 GB of WAL for replication slot orders");
            assertThat(finding.remedy()).contains("\"heartbeat.interval.ms\": \"60000\" into connect/orders.json");
        });
    }

    @Test
    void walThatIsGoneFailsAConnectorThatRuns() {
        ReplicationSlot lost = new ReplicationSlot("orders", true, "lost", 0, 0);
        assertThat(findings(lost)).singleElement().satisfies(finding -> {
            assertThat(finding.failed()).isTrue();
            assertThat(finding.problem()).isEqualTo("PostgreSQL has removed WAL that replication slot orders needs");
            assertThat(finding.remedy())
                    .contains("./lake connect delete orders, drop the slot", "then run ./lake connect apply orders");
        });
    }

    @Test
    void aSlotThatNobodyReadsIsTold() {
        ReplicationSlot unread = new ReplicationSlot("orders", false, "reserved", 16 << 20, 16 << 20);
        assertThat(findings(unread)).singleElement().satisfies(finding -> {
            assertThat(finding.failed()).isFalse();
            assertThat(finding.problem())
                    .isEqualTo(
                            "nobody reads replication slot orders, and PostgreSQL keeps all WAL for it: 16 MB by now");
            assertThat(finding.remedy())
                    .contains(
                            "./lake connect restart orders",
                            "drop the slot: SELECT pg_drop_replication_slot('orders')");
        });
    }

    @Test
    void aSlotThatNoConnectorHasIsToldOnce() {
        ReplicationSlot left = new ReplicationSlot("left", false, "reserved", 2 * GIGABYTE, 0);
        ReplicationSlot elsewhere = new ReplicationSlot("elsewhere", true, "reserved", 2 * GIGABYTE, 0);
        ReplicationSlot prices = new ReplicationSlot("prices", true, "reserved", 0, 0);
        List<ConnectorHealth> health = check(
                List.of(connector("orders", "orders", "shop"), connector("prices", "prices", "shop")),
                List.of(READ, prices, left, elsewhere));
        assertThat(asked).isEqualTo(1);
        assertThat(health.get(0).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.failed()).isFalse();
            assertThat(finding.problem())
                    .contains("nobody reads replication slot left", "2.0 GB by now, and no connector here has it");
            assertThat(finding.remedy())
                    .isEqualTo("Drop it if no program elsewhere does: SELECT pg_drop_replication_slot('left')");
        });
        assertThat(health.get(1).findings()).isEmpty();
        assertThat(health.get(1).slot()).contains(prices);
    }

    @Test
    void aSlotOfAConnectorThatNamesTheHostOtherwiseIsItsOwn() {
        ReplicationSlot prices = new ReplicationSlot("prices", false, "reserved", 16 << 20, 0);
        List<ConnectorHealth> health = check(
                List.of(
                        connector("orders", "orders", "shop"),
                        connector("prices", "prices", "shop", Map.of("database.hostname", "localhost"))),
                List.of(READ, prices));
        assertThat(health.get(0).findings()).isEmpty();
        assertThat(health.get(1).findings())
                .extracting(Finding::problem)
                .containsExactly(
                        "nobody reads replication slot prices, and PostgreSQL keeps all WAL for it: 16 MB by now");
    }

    @Test
    void eachDatabaseIsAskedForItsOwnSlots() {
        List<ConnectorHealth> health = check(
                List.of(connector("orders", "orders", "shop"), connector("other", "orders", "warehouse")),
                List.of(READ));
        assertThat(asked).isEqualTo(2);
        assertThat(health).flatExtracting(ConnectorHealth::findings).isEmpty();
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsTold() {
        assertThat(findings(new SQLException("FATAL: the database system is starting up", "57P03")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.failed()).isFalse();
                    assertThat(finding.problem()).contains("cannot be asked", "starting up");
                });
    }

    @Test
    void aDatabaseThatIsNotTrustedIsToldWithItsRemedy() {
        assertThat(findings(new SQLException("SSL error: PKIX path building failed", "08006")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.failed()).isFalse();
                    assertThat(finding.problem()).contains("cannot be asked", "PKIX path building failed");
                    assertThat(finding.remedy())
                            .contains("Let database.sslrootcert in connect/orders.json", "./lake connect apply orders");
                });
    }

    /** The worker may have them: this does not say that the connector fails. */
    @Test
    void certificatesThatThisMachineLacksAreNotCalledUntrusted() {
        assertThat(findings(new SQLException(
                        "Could not open SSL root certificate file /ca.crt.",
                        "08006",
                        new FileNotFoundException("/ca.crt (No such file or directory)"))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.failed()).isFalse();
                    assertThat(finding.problem())
                            .contains("cannot be asked from here", "can't read /ca.crt (No such file or directory)");
                    assertThat(finding.remedy())
                            .contains("put the same file here")
                            .doesNotContain("Let database.sslrootcert");
                });
    }

    @Test
    void aDatabaseWithoutTlsIsToldWithItsRemedy() {
        assertThat(findings(new SQLException("The server does not support SSL.", "08004")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.remedy())
                        .contains("where the server has no TLS, switch it on", "./lake connect apply orders"));
    }

    /** Kafka Connect says that it runs, since Debezium tries again for ever. */
    @Test
    void aConnectorWhoseLoginIsRefusedHasFailed() {
        assertThat(findings(new SQLException("FATAL: password authentication failed for user \"lake\"", "28P01")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.failed()).isTrue();
                    assertThat(finding.problem()).contains("refuses the connector's login", "password authentication");
                    assertThat(finding.remedy()).contains("Export the right password", "./lake connect apply orders");
                });
    }

    private List<Finding> findings(SQLException error) {
        return new ConnectorChecks(
                        new ConnectorSecrets(folder), List.of(connector("orders", "orders", "shop")), config -> {
                            throw error;
                        })
                .all()
                .get(0)
                .findings();
    }

    private List<Finding> findings(ReplicationSlot slot) {
        return check(List.of(connector("orders", "orders", "shop")), List.of(slot))
                .get(0)
                .findings();
    }

    private List<ConnectorHealth> check(List<Connector> connectors, List<ReplicationSlot> slots) {
        return new ConnectorChecks(new ConnectorSecrets(folder), connectors, config -> {
                    asked++;
                    return new ArrayList<>(slots);
                })
                .all();
    }

    /** One that runs, with its task. */
    private static Connector connector(String name, String slot, String database) {
        return connector(name, slot, database, Map.of());
    }

    private static Connector connector(String name, String slot, String database, Map<String, String> others) {
        Map<String, String> config = new HashMap<>(Map.of(
                "connector.class",
                ReplicationSlot.POSTGRES,
                "database.hostname",
                "127.0.0.1",
                "database.dbname",
                database,
                "slot.name",
                slot));
        config.putAll(others);
        return new Connector(
                name, "RUNNING", Optional.empty(), List.of(new Connector.Task(0, "RUNNING", Optional.empty())), config);
    }
}
