package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.landing.kafka.schema.MergedSchema;
import dev.igarape.jobs.landing.kafka.schema.ReaderSchema;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/** The schema that reads all rows of a table, which grows with the schemas of the files that are landed. */
final class LandedSchema {
    private static final String VALUE = "value";

    private final Source.Files source;
    private final Map<String, String> columnsBefore;
    private final Set<Schema> writers = new HashSet<>();
    private Optional<ReaderSchema> reader;

    /**
     * @param state what the table has
     * @throws LakeException (DEFINITION) if its rows are of another shape than this source's
     */
    LandedSchema(Table table, Source.Files source, LedgerState state) {
        this.source = source;
        this.columnsBefore = state.columns();
        this.reader = state.avroSchema().map(json -> new ReaderSchema(json, state.columns()));
        if (!state.partitions().isEmpty() && !hasShape(state.columns().keySet())) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Cannot land " + table.name() + ": what it has is of another format than "
                            + source.envelope().orElse(source.format())
                            + ", and a table has one shape of rows. Land these files into a table of another name, or"
                            + " declare the format as it was.");
        }
    }

    /** Whether a table with these columns has rows of this source's shape. */
    private boolean hasShape(Set<String> names) {
        return names.isEmpty()
                || (FileEnvelope.fixed(source).isPresent()
                        ? names.equals(columns().keySet())
                        : names.contains(VALUE));
    }

    /**
     * The schema that reads rows of this one, too.
     *
     * @param writer schema of a file's values
     * @param name of the file, for messages
     * @throws LakeException (DEFINITION) if there is none
     */
    Optional<ReaderSchema> with(Schema writer, String name) {
        if (writers.contains(writer)) {
            return reader;
        }
        try {
            Optional<Schema> before = reader.map(known ->
                    new Schema.Parser().parse(known.avro()).getField(VALUE).schema());
            List<Schema> all = before.map(known -> List.of(writer, known)).orElse(List.of(writer));
            return Optional.of(ReaderSchema.of(FileEnvelope.around(MergedSchema.of(all))));
        } catch (LakeException e) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    name + " has another schema than the files before: " + e.getMessage()
                            + " Have it written with types that fit, or land such files into a table of their own.",
                    e);
        }
    }

    /** Takes a file's schema in, after its rows were written. */
    void add(Schema writer, String name) {
        reader = with(writer, name);
        writers.add(writer);
    }

    /** Hive types by column name. */
    Map<String, String> columns() {
        if (source.isBinary() && !source.isEventHubs()) {
            return reader.map(ReaderSchema::columns).orElse(columnsBefore);
        }
        return source.isEventHubs()
                ? ReaderSchema.of(FileEnvelope.fixed(source).orElseThrow()).columns()
                : FileEnvelope.textColumns(source.format());
    }

    /** The schema with which engines read the table; empty where no file was landed yet. */
    Optional<String> avro() {
        return FileEnvelope.fixed(source).map(Schema::toString).or(() -> reader.map(ReaderSchema::avro));
    }
}
