package dev.igarape.wire.avro;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * The encoded default of a field, for documents that leave it out.
 *
 * @param bytes the default, encoded
 * @param error the error to report where there is no default; otherwise empty
 */
public record DefaultValue(Optional<byte[]> bytes, String error) {

    public static DefaultValue of(Schema.Field field) {
        if (!field.hasDefaultValue()) {
            return new DefaultValue(Optional.empty(), "is missing, and has no default");
        }
        try {
            // Copying a field validates its default, which parsing may have left out.
            Schema.Field valid = new Schema.Field(field, field.schema());
            GenericData data = new GenericData();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<Object>(field.schema(), data).write(data.getDefaultValue(valid), encoder);
            encoder.flush();
            return new DefaultValue(Optional.of(out.toByteArray()), "");
        } catch (AvroRuntimeException | IOException e) {
            return new DefaultValue(
                    Optional.empty(), "is missing, and its default in the schema is not valid: " + e.getMessage());
        }
    }
}
