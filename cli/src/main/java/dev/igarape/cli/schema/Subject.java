package dev.igarape.cli.schema;

import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * A subject of the schema registry whose schema a project declares.
 *
 * @param name {@code <topic>-value}
 * @param file the schema, {@code <topic>.avsc} beside the pipeline
 * @param table the table that lands the topic
 */
public record Subject(String name, String pipeline, Path file, TableName table) {
    /** @throws LakeException (DEFINITION) if the file is no Avro schema */
    public Schema schema() {
        try {
            return new Schema.Parser().parse(Files.readString(file));
        } catch (AvroRuntimeException e) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "%s is not an Avro schema: %s. Mend it; nothing was changed.".formatted(file, e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
