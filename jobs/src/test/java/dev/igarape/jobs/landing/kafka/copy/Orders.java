package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.jobs.landing.kafka.schema.WriterSchemas;
import dev.igarape.wire.serde.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Messages of a topic with two writer schemas, ids 7 and 9. */
final class Orders {
    static final Schema V1 = parse("""
            {"type": "record", "name": "order", "namespace": "shop", "fields": [
              {"name": "id", "type": "long"},
              {"name": "at", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}]},
              {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "line", "fields": [
                {"name": "sku", "type": "string"}, {"name": "count", "type": "int"}]}}}]}
            """);
    static final Schema V2 = parse("""
            {"type": "record", "name": "order", "namespace": "shop", "fields": [
              {"name": "id", "type": "long"},
              {"name": "note", "type": ["null", "string"]},
              {"name": "at", "type": "string"}]}
            """);

    private Orders() {}

    static WriterSchemas schemas() {
        Map<Integer, Schema> known = Map.of(7, V1, 9, V2);
        return id -> known.containsKey(id)
                ? new WriterSchemas.Known(known.get(id))
                : new WriterSchemas.Unknown("the registry has no schema " + id);
    }

    /** @param at milliseconds or null */
    static byte[] v1(long id, Long at) {
        GenericRecord order = new GenericData.Record(V1);
        order.put("id", id);
        order.put("at", at);
        Schema lines = V1.getField("lines").schema();
        GenericRecord line = new GenericData.Record(lines.getElementType());
        line.put("sku", "sku-" + id);
        line.put("count", (int) id);
        order.put("lines", new GenericData.Array<>(lines, List.of(line)));
        return message(7, order);
    }

    static byte[] v2(long id, String at) {
        GenericRecord order = new GenericData.Record(V2);
        order.put("id", id);
        order.put("note", id % 2 == 0 ? null : "note");
        order.put("at", at);
        return message(9, order);
    }

    static byte[] message(int id, GenericRecord value) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(value.getSchema()).write(value, encoder);
            encoder.flush();
            return WireFormat.frame(id, out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Schema parse(String json) {
        return new Schema.Parser().parse(json);
    }
}
