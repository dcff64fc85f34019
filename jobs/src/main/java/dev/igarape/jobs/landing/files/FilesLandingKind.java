package dev.igarape.jobs.landing.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.jobs.kind.GivenFormat;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.kind.SourceProbe;
import dev.igarape.jobs.kind.TableKind;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.model.Definition;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/** Tables landed from files in folders. */
public final class FilesLandingKind implements TableKind {
    @Override
    public boolean handles(Definition definition) {
        return definition instanceof LandingDefinition landing && landing.source() instanceof Source.Files;
    }

    @Override
    public List<TableRun> build(RunContext context, Table table, List<LocalDate> dates, RunOptions options)
            throws IOException, InterruptedException {
        return List.of(new FilesLanding(context.lake(), context.publisher())
                .run(table, source(table), dates, options.acceptGap()));
    }

    @Override
    public Optional<SourceProbe> probe(Lake lake, Table table) {
        return Optional.of(new FilesProbe(lake, table, source(table)));
    }

    @Override
    public List<TableRun> replay(RunContext context, Table table) throws IOException, InterruptedException {
        return List.of(new FilesLanding(context.lake(), context.publisher()).replay(table, source(table)));
    }

    @Override
    public GivenFormat givenFormat(Lake lake, Table table, Path project, String test) throws IOException {
        Source.Files source = source(table);
        boolean text = !source.isBinary();
        Schema schema = FileEnvelope.fixed(source).isPresent()
                ? FileEnvelope.fixed(source).get()
                : FileEnvelope.around(value(lake, table, project, test));
        return GivenFormat.avro(schema, (row, date, place) -> fill(row, text, place));
    }

    /** The schema of the files' rows, as a file of the pipeline says it. */
    private static Schema value(Lake lake, Table table, Path project, String test) throws IOException {
        String owner = lake.manifest().owner(table.name()).orElseThrow().name();
        String name = "pipelines/" + owner + "/" + table.name().name() + ".avsc";
        Path file = project.resolve(name);
        if (!Files.exists(file)) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    test + " gives rows to " + table.name() + ", but there is no schema of its files. Add " + name
                            + ".");
        }
        try {
            return new Schema.Parser().parse(Files.readString(file));
        } catch (SchemaParseException e) {
            throw new LakeException(
                    ExitCode.DEFINITION, file + " is no Avro schema: " + e.getMessage() + ". Mend it.", e);
        }
    }

    /** Adds file and line to a row that does not say them itself; the text of CSV may be left out. */
    private static void fill(ObjectNode row, boolean text, long place) {
        if (!row.has("file")) {
            row.put("file", "/given");
        }
        if (!row.has("line")) {
            row.put("line", place + 1);
        }
        if (text && !row.has("body")) {
            row.put("body", "");
        }
    }

    private static Source.Files source(Table table) {
        return (Source.Files) ((LandingDefinition) table.definition()).source();
    }
}
