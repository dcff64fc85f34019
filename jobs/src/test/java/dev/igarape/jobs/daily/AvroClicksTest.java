package dev.igarape.jobs.daily;

import static dev.igarape.jobs.testing.ClicksLake.DATE;
import static dev.igarape.jobs.testing.ClicksLake.NOON;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.quarantine.Quarantine;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.ClicksTestBase;
import dev.igarape.jobs.testing.TestingRegistry;
import dev.igarape.model.job.QuarantineCount;
import dev.igarape.wire.serde.WireFormat;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables with intervals over Avro, whose schema gets a field and whose times may be null; row by row, and by cells. */
final class AvroClicksTest extends ClicksTestBase {
    private static final String FIELDS =
            "{'name': 'at', 'type': ['null', {'type': 'long', 'logicalType': 'timestamp-millis'}]},"
                    + " {'name': 'user', 'type': 'string'}";
    private static final int INTERVALS = 24 * 12;

    private static TestingRegistry registry;

    @BeforeAll
    static void start(TestingRegistry schemas) {
        registry = schemas;
    }

    /** The columns are the same whether clicks have a page or not. */
    private static String sql(String select) {
        return select
                + " value.at AS started, value.user, coalesce(get_json_object(to_json(value), '$.page'), '-') AS page"
                + " FROM raw.clicks";
    }

    private Lake open(String select) throws Exception {
        return clicks.openAvro(registry, NOON, ClicksLake.windowsOf(sql(select), Optional.of(Duration.ofMinutes(5))));
    }

    /** @param fields behind those of every click */
    private int schema(String fields) {
        return schema(clicks.topic() + "-value", "Click", FIELDS + fields);
    }

    private int schema(String subject, String name, String fields) {
        return registry.add(
                subject, ("{'type': 'record', 'name': '" + name + "', 'fields': [" + fields + "]}").replace('\'', '"'));
    }

    /** @param time of the event; empty: it says none, and Kafka's is 10:30 */
    private void click(Lake lake, int schema, String user, Optional<String> time) throws Exception {
        Schema parsed = new Schema.Parser().parse(registry.schema(schema));
        GenericRecord click = new GenericData.Record(parsed);
        click.put(
                "at",
                time.map(at -> Instant.parse(DATE + "T" + at + "Z").toEpochMilli())
                        .orElse(null));
        click.put("user", user);
        if (parsed.getField("page") != null) {
            click.put("page", "cart");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(parsed).write(click, encoder);
        encoder.flush();
        clicks.send(WireFormat.frame(schema, bytes.toByteArray()), "10:30:00");
        clicks.land(lake);
        clicks.build(lake, WINDOWS);
    }

    private static Commit head(Lake lake) throws Exception {
        return lake.ledger(WINDOWS).commit(lake.ledger(WINDOWS).read().head());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT", "SELECT DISTINCT"})
    void aFieldThatIsAddedHasTheWholeDateComputedOnce(String select) throws Exception {
        Lake lake = open(select);
        int first = schema("");
        click(lake, first, "ana", Optional.of("10:00:00"));
        click(lake, first, "ana", Optional.of("10:01:00"));
        assertThat(head(lake).partitions()).hasSize(1);
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana -", "10:01 ana -");

        int second = schema(", {'name': 'page', 'type': 'string', 'default': 'home'}");
        click(lake, second, "bia", Optional.of("10:20:00"));
        assertThat(head(lake).partitions()).hasSize(INTERVALS);
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana home", "10:01 ana home", "10:20 bia cart");

        click(lake, first, "ana", Optional.of("10:21:00"));
        click(lake, second, "bia", Optional.of("10:22:00"));
        assertThat(head(lake).partitions()).hasSize(1);
        assertThat(clicks.shown(lake, WINDOWS))
                .containsExactly(
                        "10:00 ana home", "10:01 ana home", "10:20 bia cart", "10:21 ana home", "10:22 bia cart");
    }

    /** They have subjects of their own, so that the newest one of the topic is the one that came last. */
    @ParameterizedTest
    @ValueSource(strings = {"SELECT", "SELECT DISTINCT"})
    void recordsOfTwoTypesInTurnAreReadByTheSameSchema(String select) throws Exception {
        Lake lake = open(select);
        int view = schema(clicks.topic() + "-View", "View", FIELDS);
        int order = schema(clicks.topic() + "-Order", "Order", "{'name': 'page', 'type': 'string'}, " + FIELDS);
        click(lake, view, "ana", Optional.of("10:00:00"));
        click(lake, order, "bia", Optional.of("10:01:00"));
        assertThat(head(lake).partitions()).as("a field is added").hasSize(INTERVALS);

        click(lake, view, "caio", Optional.of("10:02:00"));
        assertThat(head(lake).partitions()).hasSize(1);
        click(lake, order, "dora", Optional.of("10:03:00"));
        assertThat(head(lake).partitions()).hasSize(1);
        assertThat(clicks.shown(lake, WINDOWS))
                .containsExactly("10:00 ana -", "10:01 bia cart", "10:02 caio -", "10:03 dora cart");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT", "SELECT DISTINCT"})
    void aTimeThatIsNullKeepsNoOtherRowOut(String select) throws Exception {
        Lake lake = open(select);
        int schema = schema("");
        click(lake, schema, "ana", Optional.of("10:00:00"));
        click(lake, schema, "bia", Optional.empty());
        click(lake, schema, "caio", Optional.of("10:20:00"));

        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana -", "10:20 caio -");
        assertThat(new Quarantine(lake).counts(lake.table(WINDOWS)))
                .singleElement()
                .extracting(QuarantineCount::rule, QuarantineCount::rows)
                .containsExactly("has_time", 1L);
    }
}
