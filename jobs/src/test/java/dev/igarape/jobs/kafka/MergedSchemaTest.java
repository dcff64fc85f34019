package dev.igarape.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.LakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
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

        Schema merged = MergedSchema.of(newer, older);

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

        assertThat(MergedSchema.of(wide, narrow)).isEqualTo(wide);
        assertThat(MergedSchema.of(narrow, wide)).isEqualTo(wide);
        assertThat(reread(record(narrow, 7), MergedSchema.of(narrow, wide)).get("amount"))
                .isEqualTo(7L);
    }

    @Test
    void takesARenamedFieldOverByItsAlias() throws IOException {
        Schema older = schema(fields -> fields.requiredString("customer"));
        Schema newer = schema(fields ->
                fields.name("client").aliases("customer").type().stringType().noDefault());

        Schema merged = MergedSchema.of(newer, older);

        assertThat(merged.getFields()).hasSize(1);
        assertThat(reread(record(older, "ana"), merged)).hasToString("{\"client\": \"ana\"}");
    }

    @Test
    void remembersAnAliasThatALaterSchemaLeavesOut() throws IOException {
        Schema first = schema(fields -> fields.requiredString("customer"));
        Schema second = schema(fields ->
                fields.name("client").aliases("customer").type().stringType().noDefault());
        Schema third = schema(fields -> fields.requiredString("client"));

        Schema merged = MergedSchema.of(third, MergedSchema.of(second, first));

        assertThat(reread(record(first, "ana"), merged)).hasToString("{\"client\": \"ana\"}");
    }

    @Test
    void staysOptionalOnceAWriterLackedTheField() throws IOException {
        Schema first = schema(fields -> fields.requiredInt("id"));
        Schema second = schema(fields -> fields.requiredInt("id").requiredString("note"));

        Schema merged = MergedSchema.of(second, MergedSchema.of(second, first));

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

        Schema merged = MergedSchema.of(newer, older);

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

        Schema merged = MergedSchema.of(newer, older);

        Schema address = older.getField("address").schema();
        assertThat(reread(record(older, record(address, "Rua A")), merged))
                .hasToString("{\"address\": {\"street\": \"Rua A\", \"number\": null}}");
        assertThat(reread(record(newer, (Object) null), merged)).hasToString("{\"address\": null}");
    }

    @Test
    void refusesTypesThatNothingReadsAlike() {
        Schema older = schema(fields -> fields.requiredInt("amount"));
        Schema newer = schema(fields -> fields.requiredString("amount"));

        assertThatThrownBy(() -> MergedSchema.of(newer, older))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("the value.amount is \"string\" in one and \"int\" in another");
    }

    @Test
    void readsAllWritersOfARandomHistory() throws IOException {
        Random random = new Random(5);
        for (int history = 0; history < 200; history++) {
            Schema merged = null;
            Schema[] writers = new Schema[5];
            for (int i = 0; i < writers.length; i++) {
                writers[i] = someFields(random);
                merged = merged == null ? writers[i] : MergedSchema.of(writers[i], merged);
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
