package dev.igarape.model.compile.table;

import dev.igarape.model.ChangeCapture;
import dev.igarape.model.TableName;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.table.ParsedTable.ParsedInput;
import dev.igarape.model.compile.yaml.YamlMap;
import dev.igarape.model.sql.SqlParser.ParsedSql;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reader of {@code from}, {@code cdc} and {@code epochs}: a table with keys that is made of captured changes. */
final class CaptureReader {
    private static final String FROM_REMEDY =
            "Name the landing of the topic with the changes: `from: raw.shop_orders, cdc: debezium`.";
    private static final String CDC_REMEDY = "Write `cdc: debezium`, for topics of its connector for PostgreSQL.";
    private static final String EPOCHS_REMEDY =
            "Name the topic.prefix of each connector that has written the changes, the oldest first: `epochs: [shop, shop_2]`.";
    /** What the envelope of a change says, so that a definition must not. */
    private static final Map<String, String> SAID_BY_CHANGES = Map.of(
            "sql", "its columns are those of the database's rows",
            "sequence_by", "its changes are in the order of the database's log",
            "delete_when", "a change says itself whether it deletes",
            "ambiguous_sequence", "each change has a place of its own in the database's log");

    private final PipelineFolder folder;
    private final String kind;

    CaptureReader(PipelineFolder folder, String kind) {
        this.folder = folder;
        this.kind = kind;
    }

    /**
     * What is declared of captured changes.
     *
     * @param sql gives the envelopes
     */
    record Captured(String sql, ParsedSql parsed, ParsedInput input, ChangeCapture capture) {}

    Optional<Captured> read(YamlMap body) {
        SAID_BY_CHANGES.forEach((key, why) -> {
            if (body.has(key)) {
                folder.diagnostics()
                        .add(
                                body.location(key),
                                "'" + key + "' of a " + kind + " table with 'cdc': " + why,
                                "Take it out, or write the table without `from` and `cdc`, over SQL of your own.");
            }
        });
        Optional<SourceText> format = body.required("cdc", CDC_REMEDY);
        Optional<SourceText> known = format.filter(text -> text.value().equals(ChangeCapture.DEBEZIUM));
        if (format.isPresent() && known.isEmpty()) {
            folder.diagnostics()
                    .add(
                            format.get().location(),
                            "'" + format.get().value() + "' is no form of captured changes",
                            CDC_REMEDY);
        }
        Optional<SourceText> from = body.required("from", FROM_REMEDY);
        Optional<TableName> table = from.flatMap(this::table);
        List<String> epochs = body.has("epochs") ? epochs(body) : List.of();
        if (known.isEmpty() || table.isEmpty()) {
            return Optional.empty();
        }
        String sql = "SELECT value FROM " + table.get();
        return Optional.of(new Captured(
                sql,
                folder.parser().parse(sql),
                new ParsedInput(table.get(), from.get().location()),
                new ChangeCapture(ChangeCapture.DEBEZIUM, epochs)));
    }

    private Optional<TableName> table(SourceText text) {
        try {
            return Optional.of(TableName.parse(text.value()));
        } catch (IllegalArgumentException e) {
            folder.diagnostics().add(text.location(), "'" + text.value() + "' is not a table of the lake", FROM_REMEDY);
            return Optional.empty();
        }
    }

    private List<String> epochs(YamlMap body) {
        List<SourceText> names = body.requiredTexts("epochs", EPOCHS_REMEDY);
        Set<String> seen = new HashSet<>();
        for (SourceText name : names) {
            if (!seen.add(name.value())) {
                folder.diagnostics()
                        .add(
                                name.location(),
                                "epoch '" + name.value() + "' is given twice",
                                "Keep one: a source that starts anew needs a topic.prefix of its own.");
            }
        }
        return names.stream().map(SourceText::value).toList();
    }
}
