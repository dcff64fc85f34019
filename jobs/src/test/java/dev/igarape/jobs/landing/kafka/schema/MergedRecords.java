package dev.igarape.jobs.landing.kafka.schema;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

/** Schemas and records of one writer, read by the schema of another. */
final class MergedRecords {
    private MergedRecords() {}

    static Schema schema(UnaryOperator<FieldAssembler<Schema>> fields) {
        return fields.apply(SchemaBuilder.record("order").fields()).endRecord();
    }

    static GenericRecord record(Schema schema, Object... values) {
        GenericRecord record = new GenericData.Record(schema);
        for (int i = 0; i < values.length; i++) {
            record.put(i, values[i]);
        }
        return record;
    }

    /** Writes with the record's own schema and reads with another. */
    static GenericRecord reread(GenericRecord written, Schema reader) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(written.getSchema()).write(written, encoder);
        encoder.flush();
        return new GenericDatumReader<GenericRecord>(written.getSchema(), reader)
                .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    }

    static Schema parse(String name, String fields) {
        String json = "{'type': 'record', 'name': '" + name + "', 'fields': [" + fields + "]}";
        return new Schema.Parser().parse(json.replace('\'', '"'));
    }
}
