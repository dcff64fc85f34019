package dev.igarape.jobs.landing.kafka.datum;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * The schema of a landed Kafka record: its coordinates, and its value in the writer schema.
 *
 * <pre>record dev.igarape.raw.Envelope {
 *   union {null, bytes} key; string topic; int partition; long offset; timestamp-millis timestamp; int schema_id;
 *   (writer schema) value;
 * }</pre>
 */
public final class EnvelopeSchema {
    private static final String NAME = "Envelope";
    private static final String NAMESPACE = "dev.igarape.raw";

    private EnvelopeSchema() {}

    /**
     * The envelope around a writer schema. If that schema has a type of the same name, underscores are appended to the
     * envelope's namespace.
     */
    public static Schema around(Schema writer) {
        return around(NAME, "A Kafka record as received", coordinates(), writer);
    }

    /**
     * A record of coordinates and a value. If the value's schema has a type of the same name, underscores are appended to
     * the record's namespace.
     */
    public static Schema around(String name, String doc, List<Schema.Field> coordinates, Schema value) {
        Set<String> taken = new HashSet<>();
        collectNames(value, taken);
        String namespace = NAMESPACE;
        while (taken.contains(namespace + "." + name)) {
            namespace += "_";
        }
        List<Schema.Field> fields = new ArrayList<>(coordinates);
        fields.add(new Schema.Field("value", value));
        return Schema.createRecord(name, doc, namespace, false, fields);
    }

    private static List<Schema.Field> coordinates() {
        return List.of(
                new Schema.Field(
                        "key",
                        Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.BYTES)),
                        "The record's key, as bytes",
                        Schema.Field.NULL_DEFAULT_VALUE),
                new Schema.Field("topic", Schema.create(Schema.Type.STRING)),
                new Schema.Field("partition", Schema.create(Schema.Type.INT)),
                new Schema.Field("offset", Schema.create(Schema.Type.LONG)),
                new Schema.Field(
                        "timestamp",
                        LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)),
                        "Kafka's timestamp of the record"),
                new Schema.Field(
                        "schema_id",
                        Schema.create(Schema.Type.INT),
                        "The registry's id of the schema that the value was written with"));
    }

    /** An envelope that reads all but the topic, for tables in which that is a partition column. */
    public static Schema withoutTopic(Schema envelope) {
        return Schema.createRecord(
                envelope.getName(),
                envelope.getDoc(),
                envelope.getNamespace(),
                false,
                envelope.getFields().stream()
                        .filter(field -> !field.name().equals("topic"))
                        .map(field -> new Schema.Field(field, field.schema()))
                        .toList());
    }

    private static void collectNames(Schema schema, Set<String> names) {
        switch (schema.getType()) {
            case RECORD:
                if (names.add(schema.getFullName())) {
                    schema.getFields().forEach(field -> collectNames(field.schema(), names));
                }
                break;
            case ENUM:
            case FIXED:
                names.add(schema.getFullName());
                break;
            case ARRAY:
                collectNames(schema.getElementType(), names);
                break;
            case MAP:
                collectNames(schema.getValueType(), names);
                break;
            case UNION:
                schema.getTypes().forEach(branch -> collectNames(branch, names));
                break;
            default:
        }
    }
}
