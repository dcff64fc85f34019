package dev.igarape.jobs.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.model.Input;
import dev.igarape.model.Manifest;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.ViewDefinition;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Trino is asked and told before a view is replaced, over its own JDBC driver. */
@Timeout(60)
final class ViewDeployTest {
    private static final TableName ORDERS = TableName.parse("gold.orders");

    @TempDir
    private Path folder;

    private TestingTrino trino;

    @BeforeEach
    void start() throws IOException {
        trino = new TestingTrino();
    }

    @AfterEach
    void stop() {
        trino.close();
    }

    @Test
    void replacesTheViewOnceTrinoHasExplainedIt() throws Exception {
        trino.reads("gold.orders");

        assertThat(deploy("", trino.jdbcUrl(), " SELECT id FROM gold.orders\n").outcome())
                .isEqualTo(TableRun.Outcome.COMMITTED);

        assertThat(trino.statements())
                .containsExactly(
                        "EXPLAIN (TYPE IO, FORMAT JSON) SELECT id FROM gold.orders",
                        "CREATE SCHEMA IF NOT EXISTS gold",
                        "CREATE OR REPLACE VIEW gold.\"latest\" AS SELECT id FROM gold.orders");
    }

    @Test
    void namesTheDatabasesOfItsTarget() throws Exception {
        trino.reads("dev_gold.orders");

        deploy("dev_", trino.jdbcUrl(), "SELECT gold.orders.id FROM gold.orders");

        assertThat(trino.statements())
                .containsExactly(
                        "EXPLAIN (TYPE IO, FORMAT JSON) SELECT dev_gold.orders.id FROM dev_gold.orders",
                        "CREATE SCHEMA IF NOT EXISTS dev_gold",
                        "CREATE OR REPLACE VIEW dev_gold.\"latest\" AS"
                                + " SELECT dev_gold.orders.id FROM dev_gold.orders");
    }

    @Test
    void refusesAViewThatReadsWhatItDoesNotDeclare() {
        trino.reads("gold.orders", "gold.prices", "dev_gold.orders");

        assertThatThrownBy(() -> deploy("", trino.jdbcUrl(), "SELECT id FROM gold.orders, gold.prices"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessage("View gold.latest reads [dev_gold.orders, gold.prices], which its 'from' does not list. Add"
                        + " them to 'from', so that order and lineage are right. The view was not changed.");
        assertThat(trino.statements()).hasSize(1);
    }

    @Test
    void whatTrinoRefusesIsADefinitionsFault() {
        trino.refuse(47, "line 1:8: Column 'nope' cannot be resolved");

        assertThatThrownBy(() -> deploy("", trino.jdbcUrl(), "SELECT nope FROM gold.orders"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessage("Trino refuses view gold.latest: line 1:8: Column 'nope' cannot be resolved. Mend its SQL,"
                        + " and see that its inputs are built. The view was not changed.");
        assertThat(trino.statements()).hasSize(1);
    }

    @Test
    void whatFailsInsideTrinoIsNoFaultOfTheView() {
        trino.refuse(65536, "Metastore not reachable");

        assertThatThrownBy(() -> deploy("", trino.jdbcUrl(), "SELECT id FROM gold.orders"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
                .hasMessageContaining("failed while deploying view gold.latest")
                .hasMessageContaining("Metastore not reachable");
    }

    @Test
    void aTrinoThatIsDownIsUnavailable() {
        String url = trino.jdbcUrl();
        trino.close();

        assertThatThrownBy(() -> deploy("", url, "SELECT id FROM gold.orders"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
                .hasMessageStartingWith("Trino at " + url + " failed while deploying view gold.latest: ")
                .hasMessageEndingWith(". See that it is up (./lake status) and run again.");
    }

    /** Deploys {@code gold.latest}, which declares that it reads {@code gold.orders}. */
    private TableRun deploy(String prefix, String url, String sql) throws IOException {
        Table view = new Table(
                TableName.parse("gold.latest"),
                "",
                new ViewDefinition(sql),
                Map.of(),
                List.of(new Input(ORDERS, 0)),
                List.of(),
                "forever",
                "hash");
        Target target = new Target(
                "test",
                prefix,
                "file://" + folder.toAbsolutePath(),
                "/lake",
                "",
                Map.of(),
                Map.of(),
                url,
                "lake",
                Map.of());
        Lake lake = Lake.open(
                new Manifest(Manifest.VERSION, List.of()),
                target,
                new Configuration(),
                Clock.systemUTC(),
                "run",
                Step.Listener.NONE);
        return new ViewDeploy(lake).run(view);
    }
}
