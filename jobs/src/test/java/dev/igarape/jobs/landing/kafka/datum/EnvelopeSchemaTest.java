package dev.igarape.jobs.landing.kafka.datum;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class EnvelopeSchemaTest {
    @Test
    void wrapsTheWriterSchemaUnchanged() {
        Schema writer = parse("{\"type\": \"record\", \"name\": \"orders\", \"fields\": [{\"name\": \"id\", \"type\":"
                + " \"long\", \"doc\": \"the id\"}]}");

        Schema envelope = EnvelopeSchema.around(writer);

        assertThat(envelope.getFullName()).isEqualTo("dev.igarape.raw.Envelope");
        assertThat(envelope.getFields().stream().map(Schema.Field::name))
                .containsExactly("key", "topic", "partition", "offset", "timestamp", "schema_id", "value");
        assertThat(envelope.getField("value").schema()).isEqualTo(writer);
    }

    @Test
    void survivesWritingAndParsingForRandomSchemas() {
        for (int seed = 0; seed < 300; seed++) {
            assertRoundTrip(new RandomAvro(seed).record());
        }
    }

    @Test
    void makesRoomForTypesNamedLikeTheEnvelope() {
        Schema envelope = EnvelopeSchema.around(parse("{\"type\": \"record\", \"name\": \"dev.igarape.raw.Envelope\","
                + " \"fields\": [{\"name\": \"next\", \"type\": [\"null\", \"Envelope\"]}]}"));

        assertThat(envelope.getFullName()).isEqualTo("dev.igarape.raw_.Envelope");
        assertRoundTrip(envelope);
    }

    @Test
    void keepsRecursiveTypesWithoutNamespaceApart() {
        assertRoundTrip(parse("{\"type\": \"record\", \"name\": \"Envelope\", \"fields\": [{\"name\": \"next\","
                + " \"type\": [\"null\", \"Envelope\"]}]}"));
    }

    private static void assertRoundTrip(Schema writer) {
        Schema envelope = EnvelopeSchema.around(writer);
        assertThat(parse(envelope.toString())).isEqualTo(envelope);
    }

    private static Schema parse(String json) {
        return new Schema.Parser().parse(json);
    }
}
