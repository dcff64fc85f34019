package dev.igarape.jobs.landing.files.rows;

import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroReadSupport;
import org.apache.parquet.avro.AvroSchemaConverter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/** Rows of a Parquet file, in the Avro types that hold the same values. */
public final class ParquetFileRows implements FileRows {
    /** Where Avro's writer of Parquet keeps the schema. */
    private static final String AVRO_SCHEMA = "parquet.avro.schema";

    private final String name;
    private final UnaryOperator<Object> conversion;
    private final Schema schema;
    private final ParquetReader<Object> rows;

    /**
     * Opens a file.
     *
     * @param name of the file, for messages
     * @throws dev.igarape.model.error.LakeException (DEFINITION) if it is damaged, or has a type that a table can't have
     */
    public ParquetFileRows(Path path, Configuration hadoop, String name) throws IOException {
        this.name = name;
        Configuration settings = new Configuration(hadoop);
        settings.setBoolean(AvroReadSupport.READ_INT96_AS_FIXED, true);
        // A list's elements are its elements, and no records around them.
        settings.setBoolean(AvroSchemaConverter.ADD_LIST_ELEMENT_RECORDS, false);
        settings.setBoolean(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, false);
        InputFile file = new StoredInput(HadoopInputFile.fromPath(path, settings));
        FileMetaData footer = footer(file);
        requireSigned(footer.getSchema());
        Optional<String> declared =
                Optional.ofNullable(footer.getKeyValueMetaData().get(AVRO_SCHEMA));
        try {
            Schema stored = declared.isPresent()
                    ? new Schema.Parser().parse(declared.get())
                    : new AvroSchemaConverter(settings).convert(footer.getSchema());
            AvroReadSupport.setAvroReadSchema(settings, stored);
            // What Avro has written needs no conversion.
            Optional<ParquetTypes> types =
                    declared.isPresent() ? Optional.empty() : Optional.of(new ParquetTypes(stored, footer.getSchema()));
            this.conversion =
                    types.<UnaryOperator<Object>>map(known -> known::converted).orElse(UnaryOperator.identity());
            this.schema = types.map(ParquetTypes::schema).orElse(stored);
        } catch (RuntimeException e) {
            throw DamagedFile.refused(
                    name + " has a column that a table can't have: " + e.getMessage()
                            + ". Have its writer name columns in letters, digits and underscores, and keys of maps be"
                            + " texts.",
                    e);
        }
        this.rows = AvroParquetReader.<Object>builder(file)
                .withDataModel(GenericData.get())
                .withConf(settings)
                .build();
    }

    private FileMetaData footer(InputFile file) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(file)) {
            return reader.getFooter().getFileMetaData();
        } catch (IOException | RuntimeException e) {
            throw unreadable(e);
        }
    }

    /**
     * That the file is damaged.
     *
     * @throws IOException if it is not, but could not be read now
     */
    private LakeException unreadable(Exception thrown) throws IOException {
        Optional<IOException> failure = StoredInput.failure(thrown);
        if (failure.isPresent()) {
            throw failure.get();
        }
        return DamagedFile.breaksOff(name, "Parquet", thrown);
    }

    /** Unsigned numbers would be read as negative ones. */
    private void requireSigned(GroupType group) {
        for (Type field : group.getFields()) {
            if (field.getLogicalTypeAnnotation() instanceof IntLogicalTypeAnnotation type
                    && !type.isSigned()
                    && type.getBitWidth() >= Integer.SIZE) {
                throw DamagedFile.refused(
                        name + " has column " + field.getName() + " of unsigned numbers of " + type.getBitWidth()
                                + " bits, for which there is no type in a table. Have its writer use a signed type.",
                        null);
            }
            if (!field.isPrimitive()) {
                requireSigned(field.asGroupType());
            }
        }
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public Optional<Object> next() throws IOException {
        try {
            return Optional.ofNullable(rows.read()).map(conversion);
        } catch (IOException | RuntimeException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
