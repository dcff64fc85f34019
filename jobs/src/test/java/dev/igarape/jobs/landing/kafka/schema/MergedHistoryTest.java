package dev.igarape.jobs.landing.kafka.schema;

import static dev.igarape.jobs.landing.kafka.schema.MergedRecords.record;
import static dev.igarape.jobs.landing.kafka.schema.MergedRecords.reread;
import static dev.igarape.jobs.landing.kafka.schema.MergedRecords.schema;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.landing.kafka.EvolvingSchema;
import dev.igarape.jobs.landing.kafka.datum.RandomAvro;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Random histories of a schema, whose writers are all read. */
final class MergedHistoryTest {
    @Test
    void readsAllWritersOfARandomHistoryOfNamedTypes() throws IOException {
        for (int seed = 0; seed < 300; seed++) {
            EvolvingSchema topic = new EvolvingSchema(seed);
            RandomAvro random = new RandomAvro(seed);
            List<Schema> writers = new ArrayList<>();
            Schema stepwise = null;
            for (int version = 0; version < 6; version++) {
                Schema writer = topic.version();
                writers.add(0, writer);
                stepwise = MergedSchema.of(stepwise == null ? List.of(writer) : List.of(writer, stepwise));
                topic.evolve();
            }
            Schema atOnce = MergedSchema.of(writers);
            for (Schema reader : List.of(stepwise, atOnce)) {
                Schema parsed = new Schema.Parser().parse(reader.toString());
                assertThat(parsed).isEqualTo(reader);
                assertDifferentNames(reader, new HashSet<>());
                for (Schema writer : writers) {
                    GenericRecord written = (GenericRecord) random.datum(writer);
                    assertThat(leaves(reread(written, parsed), new ArrayList<>()))
                            .as("%s read by %s", written, parsed)
                            .containsExactlyInAnyOrderElementsOf(leaves(written, new ArrayList<>()));
                }
            }
        }
    }

    private static void assertDifferentNames(Schema schema, Set<String> seen) {
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    assertThat(schema.getFields().stream()
                                    .map(field -> field.name().toLowerCase(Locale.ROOT)))
                            .doesNotHaveDuplicates();
                    schema.getFields().forEach(field -> assertDifferentNames(field.schema(), seen));
                }
            }
            case ARRAY -> assertDifferentNames(schema.getElementType(), seen);
            case MAP -> assertDifferentNames(schema.getValueType(), seen);
            case UNION -> schema.getTypes().forEach(branch -> assertDifferentNames(branch, seen));
            default -> {}
        }
    }

    /** All values in a datum but null, as text. */
    private static List<String> leaves(Object datum, List<String> found) {
        if (datum instanceof GenericRecord record) {
            record.getSchema().getFields().forEach(field -> leaves(record.get(field.pos()), found));
        } else if (datum instanceof Collection<?> items) {
            items.forEach(item -> leaves(item, found));
        } else if (datum instanceof Map<?, ?> entries) {
            entries.values().forEach(value -> leaves(value, found));
        } else if (datum != null) {
            found.add(datum.toString());
        }
        return found;
    }

    @Test
    void readsAllWritersOfARandomHistory() throws IOException {
        Random random = new Random(5);
        for (int history = 0; history < 200; history++) {
            Schema merged = null;
            Schema[] writers = new Schema[5];
            for (int i = 0; i < writers.length; i++) {
                writers[i] = someFields(random);
                merged = merged == null
                        ? MergedSchema.of(List.of(writers[i]))
                        : MergedSchema.of(List.of(writers[i], merged));
            }
            for (Schema writer : writers) {
                GenericRecord written = new GenericData.Record(writer);
                writer.getFields().forEach(field -> written.put(field.pos(), value(field)));
                GenericRecord read = reread(written, merged);
                for (Schema.Field field : merged.getFields()) {
                    Object expected = writer.getField(field.name()) == null ? null : written.get(field.name());
                    assertThat(String.valueOf(read.get(field.name()))).isEqualTo(String.valueOf(expected));
                }
            }
        }
    }

    private static Schema someFields(Random random) {
        return schema(fields -> {
            for (String name : new String[] {"a", "b", "c", "d"}) {
                switch (random.nextInt(4)) {
                    case 0 -> fields.requiredInt(name);
                    case 1 -> fields.requiredLong(name);
                    case 2 -> fields.optionalInt(name);
                    default -> {}
                }
            }
            return fields;
        });
    }

    private static Object value(Schema.Field field) {
        return field.schema().getType() == Schema.Type.LONG ? (Object) 5L : (Object) 5;
    }
}
