package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.Table;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Values of envelopes in the types that a table declares. */
@ExtendWith(TestServers.class)
@Timeout(300)
final class EnvelopeFieldsTest {
    /** As a JDBC landing reads it, and {@code ./lake reconcile} compares it. */
    @Test
    void aWallTimeThatIsDeclaredAMomentIsOneOfThePipelinesTimeZone(TestingSpark spark) {
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.session.timeZone", "Europe/Lisbon");
        String value = "named_struct('id', 1, 'at', micros)";
        Dataset<Row> envelopes = session.sql("SELECT named_struct('op', 'c', 'before', " + value + ", 'after', " + value
                + ", 'source', named_struct('name', 's', 'sequence', '', 'lsn', 1L, 'snapshot', '', 'ts_ms', 1L)) AS value"
                // Summer; an hour that clocks show twice, and one that they skip; before 1970.
                + " FROM VALUES (1720000000000001L), (1729989000000000L), (1711848600000000L), (-1L) AS times(micros)");
        Table captured = CaptureLake.current();
        for (String type : List.of("timestamp", "timestamp_ntz")) {
            Table table = new Table(
                    captured.name(),
                    "",
                    captured.definition(),
                    Map.of("at", type),
                    captured.inputs(),
                    List.of(),
                    "forever",
                    "x");
            EnvelopeFields fields = new EnvelopeFields(table, envelopes.schema());
            assertThat(envelopes
                            .select(fields.typed("at", col("value.after.at")).cast("string"))
                            .collectAsList())
                    .extracting(row -> row.getString(0))
                    .containsExactly(
                            "2024-07-03 09:46:40.000001",
                            "2024-10-27 00:30:00",
                            type.equals("timestamp") ? null : "2024-03-31 01:30:00",
                            "1969-12-31 23:59:59.999999");
            if (type.equals("timestamp")) {
                assertThat(envelopes
                                .select(fields.typed("at", col("value.after.at"))
                                        .cast("double"))
                                .first()
                                .getDouble(0))
                        .isEqualTo(1720000000.000001 - 3600);
            }
        }
    }
}
