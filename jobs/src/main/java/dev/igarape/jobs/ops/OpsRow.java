package dev.igarape.jobs.ops;

import dev.igarape.jobs.publish.PlatformTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/** A row of a table in {@code ops}, for an Avro file; columns that are not set are null. */
final class OpsRow {
    private final Map<String, Object> values = new LinkedHashMap<>();

    /** @param value string, number, boolean, date, instant or list of strings */
    OpsRow set(String column, Object value) {
        values.put(column, value);
        return this;
    }

    OpsRow set(String column, Optional<?> value) {
        value.ifPresent(present -> set(column, present));
        return this;
    }

    /** The value that was set; null if none was. */
    Object get(String column) {
        return values.get(column);
    }

    /** An Avro file with these rows. Throws AvroRuntimeException for a column that the table does not have. */
    static byte[] file(PlatformTable table, List<OpsRow> rows) {
        Schema schema = table.schema();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.setCodec(CodecFactory.deflateCodec(CodecFactory.DEFAULT_DEFLATE_LEVEL));
            writer.create(schema, bytes);
            for (OpsRow row : rows) {
                GenericRecord record = new GenericData.Record(schema);
                row.values.forEach((column, value) -> record.put(column, encoded(value)));
                writer.append(record);
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory can't fail", e);
        }
        return bytes.toByteArray();
    }

    private static Object encoded(Object value) {
        if (value instanceof LocalDate date) {
            return Math.toIntExact(date.toEpochDay());
        }
        return value instanceof Instant instant ? (Object) instant.toEpochMilli() : value;
    }
}
