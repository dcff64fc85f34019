package dev.igarape.bench.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AirflowDagTest {
    private static final ObjectNode CONF = JsonNodeFactory.instance.objectNode().put("date", "2024-01-01");

    private FakeAirflow airflow;
    private AirflowDag dag;

    @BeforeEach
    void start() throws IOException {
        airflow = FakeAirflow.start();
        dag = new AirflowDag(airflow.url(), FakeAirflow.PASSWORD, "insights");
    }

    @AfterEach
    void stop() {
        airflow.close();
    }

    @Test
    void triggersARunWithoutALogicalDateAndWaitsForItsEnd() throws Exception {
        airflow.runsAre("running", "success");

        dag.run(CONF);

        JsonNode run = airflow.triggered().get(0);
        assertThat(run.get("conf")).isEqualTo(CONF);
        assertThat(run.get("logical_date").isNull()).isTrue();
        assertThat(run.get("dag_run_id").asText()).startsWith("bench_");
        assertThat(airflow.lookedAtRuns()).isEqualTo(2);
    }

    @Test
    void aRunThatFailsIsAnError() {
        airflow.runsAre("failed");

        assertThatThrownBy(() -> dag.run(CONF))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("of the DAG insights failed");
    }

    @Test
    void waitsForRunsThatAreUnderWay() throws Exception {
        dag.awaitIdle();

        assertThat(airflow.lookedForRuns()).isEqualTo(2);
    }

    @Test
    void lacksNothingWhereItRuns() throws Exception {
        assertThat(dag.missing()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"dag_id\": \"insights\", \"is_paused\": true}", "{\"detail\": \"not found\"}"})
    void isMissingWhereNothingOfItRuns(String said) throws Exception {
        airflow.says(said);

        assertThat(dag.missing()).contains("the DAG insights in Airflow, not paused (./lake demo insights --no-live)");
    }

    @Test
    void airflowIsMissingWhereItDoesNotAnswer() throws Exception {
        airflow.close();

        assertThat(dag.missing()).contains("Airflow (./lake up --only airflow)");
    }
}
