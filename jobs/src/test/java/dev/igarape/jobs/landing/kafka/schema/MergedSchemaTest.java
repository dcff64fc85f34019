package dev.igarape.jobs.landing.kafka.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.landing.kafka.EvolvingSchema;
import dev.igarape.jobs.landing.kafka.datum.RandomAvro;
import dev.igarape.model.error.LakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaBuilder.FieldAssembler;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergedSchemaTest {
    private static Schema schema(UnaryOperator<FieldAssembler<Schema>> fields) {
        return fields.apply(SchemaBuilder.record("order").fields()).endRecord();
    }

    private static GenericRecord record(Schema schema, Object... values) {
        GenericRecord record = new GenericData.Record(schema);
        for (int i = 0; i < values.length; i++) {
            record.put(i, values[i]);
        }
        return record;
    }

    /** Writes with the record's own schema and reads with another. */
    private static GenericRecord reread(GenericRecord written, Schema reader) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(written.getSchema()).write(written, encoder);
        encoder.flush();
        return new GenericDatumReader<GenericRecord>(written.getSchema(), reader)
                .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    }

    @Test
    void keepsDroppedFieldsAndMakesBothSidesOptional() throws IOException {
        Schema older = schema(fields -> fields.requiredInt("id").requiredString("note"));
        Schema newer = schema(fields -> fields.requiredInt("id").requiredString("channel"));

        Schema merged = MergedSchema.of(List.of(newer, older));

        assertThat(merged.getFields().stream().map(Schema.Field::name)).containsExactly("id", "channel", "note");
        assertThat(reread(record(older, 1, "late"), merged)).hasToString("""
                {"id": 1, "channel": null, "note": "late"}""");
        assertThat(reread(record(newer, 2, "web"), merged)).hasToString("""
                {"id": 2, "channel": "web", "note": null}""");
    }

    @Test
    void widensWhicheverSideIsNarrower() throws IOException {
        Schema narrow = schema(fields -> fields.requiredInt("amount"));
        Schema wide = schema(fields -> fields.requiredLong("amount"));

        assertThat(MergedSchema.of(List.of(wide, narrow))).isEqualTo(wide);
        assertThat(MergedSchema.of(List.of(narrow, wide))).isEqualTo(wide);
        assertThat(reread(record(narrow, 7), MergedSchema.of(List.of(narrow, wide)))
                        .get("amount"))
                .isEqualTo(7L);
    }

    @Test
    void takesARenamedFieldOverByItsAlias() throws IOException {
        Schema older = schema(fields -> fields.requiredString("customer"));
        Schema newer = schema(fields ->
                fields.name("client").aliases("customer").type().stringType().noDefault());

        Schema merged = MergedSchema.of(List.of(newer, older));

        assertThat(merged.getFields()).hasSize(1);
        assertThat(reread(record(older, "ana"), merged)).hasToString("{\"client\": \"ana\"}");
    }

    @Test
    void remembersAnAliasThatALaterSchemaLeavesOut() throws IOException {
        Schema first = schema(fields -> fields.requiredString("customer"));
        Schema second = schema(fields ->
                fields.name("client").aliases("customer").type().stringType().noDefault());
        Schema third = schema(fields -> fields.requiredString("client"));

        Schema merged = MergedSchema.of(List.of(third, MergedSchema.of(List.of(second, first))));

        assertThat(reread(record(first, "ana"), merged)).hasToString("{\"client\": \"ana\"}");
    }

    @Test
    void staysOptionalOnceAWriterLackedTheField() throws IOException {
        Schema first = schema(fields -> fields.requiredInt("id"));
        Schema second = schema(fields -> fields.requiredInt("id").requiredString("note"));

        Schema merged = MergedSchema.of(List.of(second, MergedSchema.of(List.of(second, first))));

        assertThat(reread(record(first, 1), merged)).hasToString("{\"id\": 1, \"note\": null}");
        assertThat(reread(record(second, 1, "x"), merged)).hasToString("{\"id\": 1, \"note\": \"x\"}");
    }

    @Test
    void readsEverySymbolOfAnEnum() throws IOException {
        Schema older = schema(fields -> fields.name("state")
                .type()
                .enumeration("state")
                .symbols("OPEN", "LOST")
                .noDefault());
        Schema newer = schema(fields -> fields.name("state")
                .type()
                .enumeration("state")
                .symbols("OPEN", "PAID")
                .noDefault());

        Schema merged = MergedSchema.of(List.of(newer, older));

        Schema states = older.getField("state").schema();
        assertThat(reread(record(older, new GenericData.EnumSymbol(states, "LOST")), merged))
                .hasToString("{\"state\": \"LOST\"}");
        assertThat(merged.getField("state").schema().getEnumSymbols()).containsExactly("OPEN", "PAID", "LOST");
    }

    @Test
    void mergesNestedRecordsAndNullability() throws IOException {
        Schema older = schema(fields -> fields.name("address")
                .type()
                .record("address")
                .fields()
                .requiredString("street")
                .endRecord()
                .noDefault());
        Schema newer = schema(fields -> fields.name("address")
                .type()
                .optional()
                .record("address")
                .fields()
                .requiredString("street")
                .requiredInt("number")
                .endRecord());

        Schema merged = MergedSchema.of(List.of(newer, older));

        Schema address = older.getField("address").schema();
        assertThat(reread(record(older, record(address, "Rua A")), merged))
                .hasToString("{\"address\": {\"street\": \"Rua A\", \"number\": null}}");
        assertThat(reread(record(newer, (Object) null), merged)).hasToString("{\"address\": null}");
    }

    /** apache/hudi#6849: `Can't redefine: t.Address`. */
    @Test
    void definesATypeOnceThatTwoFieldsShare() throws IOException {
        Schema older = parse("t.Order", """
                {'name': 'billing', 'type': {'type': 'record', 'name': 'Address', 'fields': [
                    {'name': 'street', 'type': 'string'}]}},
                {'name': 'shipping', 'type': 'Address'}""");
        Schema newer = parse("t.Order", """
                {'name': 'billing', 'type': {'type': 'record', 'name': 'Address', 'fields': [
                    {'name': 'street', 'type': 'string'}, {'name': 'zip', 'type': 'string'}]}}""");

        Schema merged =
                new Schema.Parser().parse(MergedSchema.of(List.of(newer, older)).toString());

        Schema address = older.getField("billing").schema();
        assertThat(reread(record(older, record(address, "Rua A"), record(address, "Rua B")), merged))
                .hasToString("""
                        {"billing": {"street": "Rua A", "zip": null}, "shipping": {"street": "Rua B", "zip": null}}""");
        Schema zipped = newer.getField("billing").schema();
        assertThat(reread(record(newer, record(zipped, "Rua A", "01")), merged))
                .hasToString("{\"billing\": {\"street\": \"Rua A\", \"zip\": \"01\"}, \"shipping\": null}");
    }

    @Test
    void mergesDebeziumsValueBeforeAndAfter() throws IOException {
        String envelope = """
                {'name': 'before', 'type': ['null', {'type': 'record', 'name': 'Value', 'fields': [%s]}], 'default': null},
                {'name': 'after', 'type': ['null', 'Value'], 'default': null}""";
        Schema older = parse(
                "db.Envelope", envelope.formatted("{'name': 'id', 'type': 'int'}, {'name': 'old', 'type': 'int'}"));
        Schema newer = parse("db.Envelope", envelope.formatted("{'name': 'id', 'type': 'long'}"));

        Schema merged = MergedSchema.of(List.of(newer, older));

        assertThat(new Schema.Parser().parse(merged.toString())).isEqualTo(merged);
        Schema value = older.getField("after").schema().getTypes().get(1);
        assertThat(reread(record(older, null, record(value, 1, 2)), merged))
                .hasToString("{\"before\": null, \"after\": {\"id\": 1, \"old\": 2}}");
    }

    @Test
    void keepsADefaultWhoseTypeHasGrown() throws IOException {
        String field = "{'name': 'to', 'type': {'type': 'record', 'name': 'Address', 'fields': [%s]},"
                + " 'default': {'street': '-'}}";
        Schema first = parse("t.Order", "");
        Schema second = parse("t.Order", field.formatted("{'name': 'street', 'type': 'string'}"));
        Schema third = parse(
                "t.Order",
                field.formatted("{'name': 'street', 'type': 'string'}, {'name': 'n', 'type': 'int', 'default': 7}"));

        Schema merged = MergedSchema.of(List.of(third, second, first));

        assertThat(reread(record(first), merged)).hasToString("{\"to\": {\"street\": \"-\", \"n\": 7}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "int, date                  | int                       | int",
                "long, timestamp-millis     | long                      | long",
                "long, timestamp-millis     | int                       | long",
                "long, timestamp-millis     | long, timestamp-millis    | long, timestamp-millis",
                "int, date                  | long                      | long",
                "string, uuid               | string                    | string",
                "bytes, decimal, 9, 2       | bytes, decimal, 12, 2     | bytes, decimal, 12, 2",
                "bytes, decimal, 9, 2       | bytes                     | bytes",
                "string                     | bytes                     | bytes",
                "int                        | float                     | double",
                "int                        | double                    | double",
                "float                      | double                    | double"
            })
    void readsAsOneTypeWhatItHoldsExactly(String one, String other, String merged) {
        Schema both = MergedSchema.of(List.of(typed(one), typed(other)));

        assertThat(MergedSchema.of(List.of(typed(other), typed(one)))).isEqualTo(both);
        Schema type = both.getField("a").schema();
        assertThat(type.getType())
                .isEqualTo(typed(merged).getField("a").schema().getType());
        assertThat(type.getLogicalType())
                .isEqualTo(typed(merged).getField("a").schema().getLogicalType());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bytes, decimal, 9, 2       | bytes, decimal, 12, 4",
                "bytes, decimal, 9, 2       | string",
                "long, timestamp-millis     | long, timestamp-micros",
                "long, timestamp-millis     | long, local-timestamp-millis",
                "long, timestamp-micros     | long, timestamp-nanos",
                "int, date                  | long, timestamp-millis",
                "int, time-millis           | long, time-micros",
                "int, date                  | string",
                "long                       | double",
                "long                       | float",
                "int                        | string",
                "boolean                    | int"
            })
    void refusesTypesThatNoneHoldsExactly(String one, String other) {
        for (List<Schema> writers : List.of(List.of(typed(one), typed(other)), List.of(typed(other), typed(one)))) {
            assertThatThrownBy(() -> MergedSchema.of(writers))
                    .isInstanceOf(LakeException.class)
                    .hasMessageStartingWith("Two schemas can't be read as one table: the value.a is ")
                    .hasMessageEndingWith(" in another, and no type holds both exactly.");
        }
    }

    @Test
    void doesNotMixTwoMeaningsBehindABareType() {
        Schema bare = MergedSchema.of(List.of(typed("long"), typed("long, timestamp-millis")));

        assertThat(MergedSchema.of(List.of(typed("long, timestamp-millis"), bare)))
                .isEqualTo(bare);
        assertThatThrownBy(() -> MergedSchema.of(List.of(typed("long, timestamp-micros"), bare)))
                .isInstanceOf(LakeException.class);
    }

    /** Fields that differ by case: one column where one follows the other, two where a record has both. */
    @Test
    void givesFieldsThatDifferByCaseNamesThatDiffer() throws IOException {
        Schema first = schema(fields -> fields.requiredString("userId"));
        Schema second = schema(fields -> fields.requiredString("userid"));
        Schema both = schema(fields -> fields.requiredString("userid").requiredString("userId"));

        Schema one = MergedSchema.of(List.of(second, first));
        assertThat(reread(record(first, "ana"), one)).hasToString("{\"userId\": \"ana\"}");
        assertThat(reread(record(second, "ana"), one)).hasToString("{\"userId\": \"ana\"}");

        Schema alone = MergedSchema.of(List.of(both));
        assertThat(reread(record(both, "ana", "bia"), alone))
                .hasToString("{\"userid\": \"ana\", \"userId_2\": \"bia\"}");
        Schema again = MergedSchema.of(
                List.of(schema(fields -> fields.requiredString("userId").requiredString("userid")), alone));
        assertThat(reread(record(both, "ana", "bia"), again))
                .hasToString("{\"userId_2\": \"bia\", \"userid\": \"ana\"}");
        assertThat(reread(record(first, "bia"), MergedSchema.of(List.of(first, again))))
                .hasToString("{\"userId_2\": \"bia\", \"userid\": null}");
    }

    /** Values that were read as one column would move to another, or become unreadable. */
    @Test
    void refusesANameThatAColumnHasForAFurtherOne() throws IOException {
        Schema first = schema(fields -> fields.requiredString("a"));
        Schema renamed = schema(
                fields -> fields.name("b").aliases("a").type().stringType().noDefault());
        Schema both = schema(
                fields -> fields.name("b").type().stringType().noDefault().optionalString("a"));
        Schema merged = MergedSchema.of(List.of(renamed, first));
        assertThat(reread(record(first, "ana"), merged)).hasToString("{\"b\": \"ana\"}");
        for (List<Schema> writers : List.of(List.of(both, merged), List.of(both, renamed, first))) {
            assertThatThrownBy(() -> MergedSchema.of(writers))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("field a of ")
                    .hasMessageContaining("another name of a field beside it");
        }
        Schema cases = MergedSchema.of(List.of(
                schema(fields -> fields.requiredString("userid")), schema(fields -> fields.requiredString("userId"))));
        Schema apart = schema(fields -> fields.requiredString("userId").requiredString("userid"));
        assertThatThrownBy(() -> MergedSchema.of(List.of(apart, cases))).hasMessageContaining("field userid of ");
    }

    @Test
    void leavesOutWhatIsAlwaysNullAndKeepsARecordWithoutFields() throws IOException {
        Schema ping = parse("t.Ping", "{'name': 'nothing', 'type': 'null'}");

        assertThat(reread(record(ping, (Object) null), MergedSchema.of(List.of(ping))))
                .hasToString("{\"no_fields\": null}");
    }

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

    private static Schema parse(String name, String fields) {
        String json = "{'type': 'record', 'name': '" + name + "', 'fields': [" + fields + "]}";
        return new Schema.Parser().parse(json.replace('\'', '"'));
    }

    /** A record with one field {@code a}: type, logical type, precision, scale. */
    private static Schema typed(String type) {
        String[] parts = type.split(", ");
        String logical = parts.length > 1 ? ", 'logicalType': '" + parts[1] + "'" : "";
        String decimal = parts.length > 2 ? ", 'precision': " + parts[2] + ", 'scale': " + parts[3] : "";
        return parse("t.One", "{'name': 'a', 'type': {'type': '" + parts[0] + "'" + logical + decimal + "}}");
    }

    @Test
    void refusesTypesThatNothingReadsAlike() {
        Schema older = schema(fields -> fields.requiredInt("amount"));
        Schema newer = schema(fields -> fields.requiredString("amount"));

        assertThatThrownBy(() -> MergedSchema.of(List.of(newer, older)))
                .isInstanceOf(LakeException.class)
                .hasMessage(
                        "Two schemas can't be read as one table: the value.amount is \"string\" in one and \"int\" in"
                                + " another, and no type holds both exactly.");
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
