package dev.igarape.model.compile.pipeline;

import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.Definition;
import dev.igarape.model.TableName;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.table.ParsedTable;
import dev.igarape.model.compile.table.ParsedTable.ParsedInput;
import dev.igarape.model.sql.SqlParser;
import dev.igarape.model.sql.SqlTemplate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Checks on current tables that join: one input has dates and gives the events, and each of the others is a table with keys, of
 * which one version is read.
 */
public final class KeyedJoinCheck {
    private static final String FOREVER = "forever";

    private final Map<TableName, ParsedTable> tables;
    private final List<ParsedPipeline> pipelines;
    private final SqlParser parser;
    private final Diagnostics diagnostics;

    public KeyedJoinCheck(List<ParsedPipeline> pipelines, SqlParser parser, Diagnostics diagnostics) {
        this.pipelines = pipelines;
        this.parser = parser;
        this.diagnostics = diagnostics;
        this.tables = ParsedPipeline.tablesByName(pipelines);
    }

    /** Reports joins that new rows of one side do not suffice for. */
    public void check() {
        for (ParsedPipeline pipeline : pipelines) {
            for (ParsedTable table : pipeline.tables()) {
                // An input that no pipeline declares is reported, and says enough.
                boolean joins = table.definition()
                                .filter(CurrentDefinition.class::isInstance)
                                .isPresent()
                        && table.inputs().size() > 1
                        && table.inputs().stream().allMatch(input -> tables.containsKey(input.table()));
                if (joins) {
                    check(table);
                }
            }
        }
    }

    private void check(ParsedTable table) {
        List<ParsedInput> dated = table.inputs().stream()
                .filter(input -> !tables.get(input.table()).isKeyed())
                .toList();
        if (dated.isEmpty()) {
            ParsedInput first = table.inputs().get(0);
            diagnostics.add(
                    first.location(),
                    table.name() + " joins only tables without dates, such as " + first.table()
                            + ", so nothing says which events it has",
                    "Join the landing or daily table behind one of them with the others, or make it a view.");
        } else if (dated.size() > 1) {
            String names = dated.stream().map(input -> input.table().toString()).collect(Collectors.joining(" and "));
            ParsedInput second = dated.get(1);
            diagnostics.add(
                    second.location(),
                    table.name() + " joins " + names + ", which have dates; its events are rows of one such table",
                    "Make a current table of " + second.table()
                            + " and join with that, or join them in a daily table that " + table.name() + " reads.");
        } else {
            check(table, dated.get(0));
        }
    }

    private void check(ParsedTable table, ParsedInput dated) {
        String sql = table.definition().flatMap(Definition::query).orElseThrow();
        boolean isLinear = parser.parse(SqlTemplate.forParsing(sql))
                .linear()
                .contains(dated.table().toString());
        if (!isLinear) {
            diagnostics.add(
                    dated.location(),
                    table.name() + " does not make events of each row of " + dated.table()
                            + " by itself: its SQL aggregates, sorts, limits, compares or unites rows, names the table"
                            + " twice, has a subquery in a condition, or keeps rows of another table that none of "
                            + dated.table() + " meets",
                    "Write FROM " + dated.table()
                            + " JOIN or LEFT JOIN the others, and do the rest in a daily table that" + " it reads.");
        }
        String retention = tables.get(dated.table()).retention();
        if (!retention.equals(FOREVER)) {
            diagnostics.add(
                    dated.location(),
                    table.name() + " joins " + dated.table() + ", which keeps its rows for " + retention
                            + ": when another table that it joins changes, events are made of the old rows again",
                    "Keep " + dated.table() + " forever, or join in a daily table.");
        }
    }
}
