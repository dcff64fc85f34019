package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.cli.demo.checked.Check;
import dev.igarape.cli.demo.checked.Delivery;
import dev.igarape.cli.demo.checked.Part;
import dev.igarape.cli.demo.checked.Scenario;
import dev.igarape.cli.query.TrinoClient;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What a demo has sent, sent once more, as by a second demo, but with one run after all of it. */
final class SentAgain {
    private SentAgain() {}

    /**
     * Sees that no table changes that the demo compares.
     *
     * @param landing the table of its topic's messages, which has each of them twice then
     */
    static void changesNothing(Scenario scenario, String landing) throws Exception {
        Target target = DemoStack.target();
        long landed = rows(landing);
        List<Part> parts = scenario.parts(target);
        send(parts.stream().flatMap(part -> part.records().stream()).toList());
        WebHdfs files = WebHdfs.of(DemoStack.STATE);
        for (Part part : parts) {
            for (Map.Entry<String, String> file : part.files().entrySet()) {
                files.put(file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        DemoStack.LAKE
                .call(
                        "run",
                        scenario.pipeline(),
                        "--from",
                        scenario.dates().from().toString(),
                        "--to",
                        scenario.dates().to().toString())
                .succeeded();

        assertThat(rows(landing)).isPositive().isEqualTo(2 * landed);
        for (Check check : scenario.checks(target)) {
            assertThat(shown(check, target)).as(check.table()).isEqualTo(check.truth());
        }
    }

    private static void send(List<Delivery> events) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                new HashMap<>(DemoStack.target().kafka()), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Delivery event : events) {
                byte[] value = new byte[event.value().remaining()];
                event.value().duplicate().get(value);
                producer.send(new ProducerRecord<>(
                        event.topic(),
                        null,
                        event.at().toEpochMilli(),
                        event.key().getBytes(StandardCharsets.UTF_8),
                        value));
            }
            producer.flush();
        }
    }

    private static List<String> shown(Check check, Target target) {
        return new TrinoClient(target)
                .query(check.sql()).rows().stream()
                        .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining("|")))
                        .toList();
    }

    private static long rows(String table) throws IOException {
        return DemoStack.query("SELECT count(*) AS rows FROM " + table)
                .get(0)
                .get("rows")
                .asLong();
    }
}
