package dev.igarape.model.compile.pipeline;

import dev.igarape.model.DateRange;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceLocation;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.compile.table.KindReader;
import dev.igarape.model.compile.table.ParsedTable;
import dev.igarape.model.compile.table.PipelineFolder;
import dev.igarape.model.compile.table.TableReader;
import dev.igarape.model.compile.yaml.YamlFile;
import dev.igarape.model.compile.yaml.YamlMap;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.sql.SqlParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reader of one folder of {@code pipelines/}. */
public final class PipelineReader {
    private static final List<String> KEYS =
            List.of("pipeline", "description", "owner", "schedule", "start_date", "timezone", "tags", "tables");
    private static final String DATE_REMEDY = "Write the first date to build as yyyy-mm-dd, such as 2024-01-31.";

    private final SqlParser parser;
    private final List<KindReader> kinds;
    private final Diagnostics diagnostics;

    /** @param kinds those that tables may be of */
    public PipelineReader(SqlParser parser, List<KindReader> kinds, Diagnostics diagnostics) {
        this.parser = parser;
        this.kinds = kinds;
        this.diagnostics = diagnostics;
    }

    /** Reads {@code pipeline.yaml} and the files beside it. */
    public Optional<ParsedPipeline> read(Path folder) {
        String folderName = "pipelines/" + folder.getFileName();
        Path file = folder.resolve("pipeline.yaml");
        if (!Files.isRegularFile(file)) {
            boolean yml = Files.isRegularFile(folder.resolve("pipeline.yml"));
            diagnostics.add(
                    SourceLocation.ofFile(folderName),
                    "holds no pipeline.yaml",
                    yml ? "Rename pipeline.yml to pipeline.yaml." : "Add one, or remove the folder.");
            return Optional.empty();
        }
        return YamlFile.read(file, folderName + "/pipeline.yaml", "pipeline: <name>", diagnostics)
                .map(root -> read(folder, folderName, root));
    }

    private ParsedPipeline read(Path folder, String folderName, YamlMap root) {
        root.allow("a pipeline", KEYS, Map.of());
        name(folder, root);
        Optional<SourceText> schedule = root.required("schedule", ScheduleCheck.REMEDY);
        schedule.ifPresent(text -> ScheduleCheck.problem(text.value())
                .ifPresent(problem -> diagnostics.add(text.location(), problem, ScheduleCheck.REMEDY)));
        return new ParsedPipeline(
                folder.getFileName().toString(),
                root.text("description", "Say in a sentence what the pipeline is for.")
                        .map(SourceText::value)
                        .orElse(""),
                root.required("owner", "Name the team that is called when it fails.")
                        .map(SourceText::value)
                        .orElse(""),
                schedule.map(SourceText::value).orElse(""),
                root.location("schedule"),
                root.required("start_date", DATE_REMEDY).flatMap(this::date),
                timezone(root),
                tags(root),
                tables(folder, folderName, root));
    }

    private void name(Path folder, YamlMap root) {
        String expected = folder.getFileName().toString();
        String remedy = "Name the pipeline like its folder: `pipeline: " + expected + "`.";
        root.required("pipeline", remedy).ifPresent(name -> {
            if (!name.value().equals(expected)) {
                diagnostics.add(name.location(), "pipeline '" + name.value() + "' lies in folder " + expected, remedy);
            }
        });
        if (!expected.matches("[a-z][a-z0-9_]{0,99}")) {
            diagnostics.add(
                    root.location("pipeline"),
                    "the folder's name '" + expected + "' is not a pipeline name",
                    "Use lower-case letters, digits and underscores, starting with a letter.");
        }
    }

    private Optional<LocalDate> date(SourceText text) {
        try {
            return Optional.of(DateRange.parseDate("start_date", text.value()));
        } catch (LakeException e) {
            diagnostics.add(text.location(), "start_date '" + text.value() + "' is not a date", DATE_REMEDY);
            return Optional.empty();
        }
    }

    private Optional<ZoneId> timezone(YamlMap root) {
        String remedy = "Use a name of the tz database, such as UTC or America/Sao_Paulo.";
        if (!root.has("timezone")) {
            return Optional.of(ZoneId.of("UTC"));
        }
        return root.text("timezone", remedy).flatMap(text -> {
            if (ZoneId.getAvailableZoneIds().contains(text.value())
                    && !text.value().startsWith("SystemV/")) {
                return Optional.of(ZoneId.of(text.value()));
            }
            String hint = Suggestion.didYouMean(text.value(), ZoneId.getAvailableZoneIds());
            diagnostics.add(text.location(), "unknown timezone '" + text.value() + "'" + hint, remedy);
            return Optional.empty();
        });
    }

    private List<String> tags(YamlMap root) {
        List<String> tags = new ArrayList<>();
        for (SourceText tag : root.texts("tags", "Write a list of words, such as [sales, daily].")) {
            if (tags.contains(tag.value())) {
                diagnostics.add(tag.location(), "tag '" + tag.value() + "' is given twice", "Keep one of them.");
            } else if (tag.value().length() > 100) {
                diagnostics.add(
                        tag.location(), "a tag has more than 100 characters", "Airflow can't keep it: shorten it.");
            } else {
                tags.add(tag.value());
            }
        }
        return tags;
    }

    private List<ParsedTable> tables(Path folder, String folderName, YamlMap root) {
        String remedy = "Declare at least one: `tables:`, below it `raw.orders:` and so on.";
        if (!root.has("tables")) {
            diagnostics.add(root.location(), "'tables' is missing", remedy);
            return List.of();
        }
        List<ParsedTable> drafts = new ArrayList<>();
        root.map("tables", remedy).ifPresent(tables -> {
            if (tables.keys().isEmpty()) {
                diagnostics.add(root.location("tables"), "'tables' is empty", remedy);
            }
            TableReader reader = new TableReader(new PipelineFolder(folder, folderName, parser, diagnostics), kinds);
            for (SourceText key : tables.keys()) {
                reader.read(key, tables).ifPresent(drafts::add);
            }
        });
        return drafts;
    }
}
