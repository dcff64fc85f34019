package dev.igarape.model.compile.pipeline;

import dev.igarape.model.Definition;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.table.ParsedTable;
import dev.igarape.model.compile.table.ParsedTable.ParsedInput;
import dev.igarape.model.sql.SqlParser;
import dev.igarape.model.sql.SqlTemplate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks on tables with intervals: what they read has a time, and their query keeps to it. */
public final class IntervalCheck {
    private final Map<TableName, ParsedTable> tables;
    private final List<ParsedPipeline> pipelines;
    private final SqlParser parser;
    private final Diagnostics diagnostics;

    public IntervalCheck(List<ParsedPipeline> pipelines, SqlParser parser, Diagnostics diagnostics) {
        this.pipelines = pipelines;
        this.parser = parser;
        this.diagnostics = diagnostics;
        this.tables = ParsedPipeline.tablesByName(pipelines);
    }

    /** Reports tables whose intervals can't be computed by themselves. */
    public void check() {
        for (ParsedPipeline pipeline : pipelines) {
            for (ParsedTable table : pipeline.tables()) {
                Optional<Duration> interval = table.definition().flatMap(Definition::interval);
                if (interval.isPresent()) {
                    table.inputs().forEach(input -> input(table, input));
                    query(pipeline, table, interval.get());
                }
            }
        }
    }

    private void query(ParsedPipeline pipeline, ParsedTable table, Duration interval) {
        Map<String, List<String>> times = new HashMap<>();
        List<ParsedInput> dated =
                table.inputs().stream().filter(input -> !isKeyed(input)).toList();
        for (ParsedInput input : dated) {
            Optional.ofNullable(tables.get(input.table()))
                    .flatMap(ParsedTable::definition)
                    .flatMap(Definition::timePath)
                    .ifPresent(time -> times.put(input.table().toString(), time));
        }
        // Where one has none, or the head is wrong, that is reported, and says enough.
        if (times.isEmpty()
                || times.size() < dated.size()
                || pipeline.timezone().isEmpty()
                || pipeline.startDate().isEmpty()) {
            return;
        }
        Definition definition = table.definition().orElseThrow();
        ZoneId timezone = pipeline.timezone().get();
        Instant start = pipeline.startDate().get().atStartOfDay(timezone).toInstant();
        new IntervalQueryCheck(table, dated, interval, timezone, start, diagnostics)
                .check(parser.timeShape(
                        SqlTemplate.forParsing(definition.query().orElseThrow()),
                        definition.time().orElseThrow(),
                        times));
    }

    /** Whether it is read as one version, which has no time. */
    private boolean isKeyed(ParsedInput input) {
        return Optional.ofNullable(tables.get(input.table()))
                .filter(ParsedTable::isKeyed)
                .isPresent();
    }

    private void input(ParsedTable table, ParsedInput input) {
        Optional<ParsedTable> read = Optional.ofNullable(tables.get(input.table()));
        Optional<Definition> definition = read.flatMap(ParsedTable::definition);
        // What does not exist or has no rows is reported by the graph.
        if (definition.isEmpty()
                || isKeyed(input)
                || definition.get().traits().contains(Trait.TIMED)
                || !definition.get().traits().contains(Trait.ROWS)) {
            return;
        }
        boolean mayHaveTime = definition.get().traits().contains(Trait.PLANNED);
        diagnostics.add(
                input.location(),
                table.name() + " has intervals, but the rows of its input " + input.table() + " have "
                        + (mayHaveTime ? "no `time`" : "a date and no time"),
                mayHaveTime
                        ? "Name the column of event times of " + input.table() + ", `daily: {sql: …, time: …}`, or"
                                + " compute " + table.name() + " by whole dates."
                        : "Read it through a daily table that has a `time`, or compute " + table.name()
                                + " by whole dates.");
    }
}
