package dev.igarape.model.compile;

import dev.igarape.model.Definition;
import dev.igarape.model.Input;
import dev.igarape.model.Manifest;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Refresh;
import dev.igarape.model.Table;
import dev.igarape.model.compile.diagnostic.Diagnostic;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.pipeline.DefinitionHash;
import dev.igarape.model.compile.pipeline.IntervalCheck;
import dev.igarape.model.compile.pipeline.KeyedJoinCheck;
import dev.igarape.model.compile.pipeline.OutboxCheck;
import dev.igarape.model.compile.pipeline.ParsedPipeline;
import dev.igarape.model.compile.pipeline.PipelineReader;
import dev.igarape.model.compile.pipeline.TableGraph;
import dev.igarape.model.compile.table.KindReader;
import dev.igarape.model.compile.table.ParsedTable;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.sql.SqlParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The compiler of a project: a folder with {@code pipelines/<pipeline>/pipeline.yaml} and SQL files beside it becomes a
 * manifest, or a list of all diagnostics.
 */
public final class ProjectCompiler {
    private final SqlParser parser;
    private final List<KindReader> kinds;

    /** @param parser reads the Spark SQL of daily tables and expectations */
    public ProjectCompiler(SqlParser parser) {
        this(parser, KindReader.BUILT_IN);
    }

    /**
     * @param parser reads the Spark SQL of daily tables and expectations
     * @param kinds those that tables may be of
     */
    public ProjectCompiler(SqlParser parser, List<KindReader> kinds) {
        this.parser = parser;
        this.kinds = List.copyOf(kinds);
    }

    /**
     * Reads and checks the whole project. Folders of {@code pipelines/} that start with a dot or an underscore are left
     * out. The same files give the same manifest.
     *
     * @throws LakeException with {@link ExitCode#USAGE} where the folder is no project at all
     */
    public Compilation compile(Path project) {
        Diagnostics diagnostics = new Diagnostics();
        PipelineReader reader = new PipelineReader(parser, kinds, diagnostics);
        List<ParsedPipeline> drafts = new ArrayList<>();
        for (Path folder : folders(project)) {
            reader.read(folder).ifPresent(drafts::add);
        }
        TableGraph graph = new TableGraph(drafts, diagnostics);
        graph.check();
        new IntervalCheck(drafts, parser, diagnostics).check();
        new KeyedJoinCheck(drafts, parser, diagnostics).check();
        new OutboxCheck(drafts, diagnostics).check();
        List<Diagnostic> found = diagnostics.all();
        if (!found.isEmpty()) {
            return new Compilation.Failed(found);
        }
        List<Pipeline> pipelines =
                drafts.stream().map(draft -> pipeline(draft, graph)).toList();
        return new Compilation.Compiled(new Manifest(Manifest.VERSION, pipelines), diagnostics.warnings());
    }

    private static List<Path> folders(Path project) {
        Path pipelines = project.resolve("pipelines");
        if (!Files.isDirectory(pipelines)) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "There is no folder pipelines/ in " + project + ", so it is not a project. Run in the project's"
                            + " folder or name it with --project DIR.");
        }
        try (Stream<Path> entries = Files.list(pipelines)) {
            List<Path> folders = entries.filter(Files::isDirectory)
                    .filter(folder -> !folder.getFileName().toString().matches("[._].*"))
                    .sorted()
                    .toList();
            if (folders.isEmpty()) {
                throw new LakeException(
                        ExitCode.USAGE,
                        "The folder " + pipelines + " holds no pipeline. Add pipelines/<name>/pipeline.yaml.");
            }
            return folders;
        } catch (IOException e) {
            throw new LakeException(ExitCode.USAGE, "Cannot list " + pipelines + ": " + e + ".", e);
        }
    }

    private static Pipeline pipeline(ParsedPipeline draft, TableGraph graph) {
        LocalDate start = draft.startDate().orElseThrow();
        ZoneId timezone = draft.timezone().orElseThrow();
        return new Pipeline(
                draft.name(),
                draft.description(),
                draft.owner(),
                draft.schedule(),
                start,
                timezone,
                draft.tags(),
                graph.ordered(draft).stream()
                        .map(table -> table(table, graph, timezone))
                        .toList());
    }

    /** When a later version of an input without dates counts, unless its reader says so: a table by key is of one version. */
    private static Refresh refresh(ParsedTable reader) {
        return reader.isKeyed() ? Refresh.ALWAYS : Refresh.NEVER;
    }

    private static Table table(ParsedTable draft, TableGraph graph, ZoneId timezone) {
        Definition definition = draft.definition().orElseThrow();
        List<Input> inputs = draft.inputs().stream()
                .map(input -> graph.isSnapshot(draft, input)
                        ? Input.snapshot(input.table(), input.refresh().orElse(refresh(draft)))
                        : new Input(input.table(), input.lookback(), input.lookbackTime()))
                .toList();
        return new Table(
                draft.name(),
                draft.description(),
                definition,
                draft.columns(),
                inputs,
                draft.expectations(),
                draft.retention(),
                draft.waitFor(),
                draft.allRefused(),
                DefinitionHash.of(draft, definition, inputs, timezone));
    }
}
