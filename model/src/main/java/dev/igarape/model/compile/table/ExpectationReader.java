package dev.igarape.model.compile.table;

import dev.igarape.model.ChangeCapture;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Expectation;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.compile.query.ConditionCheck;
import dev.igarape.model.compile.yaml.YamlMap;
import dev.igarape.model.sql.SqlParser;
import dev.igarape.model.sql.SqlParser.ParsedSql;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reader of {@code expect}. */
final class ExpectationReader {
    private static final List<String> KEYS = List.of("check", "on_fail");
    private static final List<String> ACTIONS =
            Stream.of(Expectation.Action.values()).map(Object::toString).toList();
    private static final String CHECK_REMEDY = "Write a boolean Spark SQL expression, such as \"amount >= 0\".";

    private static final List<String> RULES_OF_KEYS = List.of(
            KeyedDefinition.KEY_RULE,
            KeyedDefinition.SEQUENCE_RULE,
            KeyedDefinition.LATE_RULE,
            ChangeCapture.OP_RULE,
            ChangeCapture.SOURCE_RULE,
            ChangeCapture.TYPE_RULE);

    private static final List<String> RULES_OF_TIMES = List.of(DailyDefinition.TIME_RULE);

    private final ConditionCheck conditions;
    private final Diagnostics diagnostics;

    ExpectationReader(SqlParser parser, Diagnostics diagnostics) {
        this.conditions = new ConditionCheck(parser, diagnostics);
        this.diagnostics = diagnostics;
    }

    /**
     * The table's expectations in the order of the file.
     *
     * @param dated whether the table is built by dates, for which a check may ask
     * @param timed whether it names a column of times
     */
    List<Expectation> read(YamlMap table, Optional<ParsedSql> query, boolean dated, boolean timed) {
        List<Expectation> expectations = new ArrayList<>();
        List<String> builtIn = timed ? RULES_OF_TIMES : dated ? List.of() : RULES_OF_KEYS;
        String owner = timed ? "daily table with `time`" : "current or history table";
        String remedy = "Write name, check and action, such as `paid: {check: \"amount > 0\", on_fail: warn}`.";
        table.map("expect", remedy).ifPresent(map -> {
            for (SourceText name : map.keys()) {
                if (!name.value().matches("[a-z][a-z0-9_]{0,99}")) {
                    diagnostics.add(
                            name.location(),
                            "'" + name.value() + "' is not an expectation name",
                            "Use lower-case letters, digits and underscores, starting with a letter.");
                }
                if (builtIn.contains(name.value())) {
                    diagnostics.add(
                            name.location(),
                            "'" + name.value() + "' is a rule that every " + owner + " has",
                            "Take it out, or give the expectation another name.");
                }
                map.map(name.value(), remedy)
                        .flatMap(body -> one(name.value(), body, query, dated))
                        .ifPresent(expectations::add);
            }
        });
        return expectations;
    }

    private Optional<Expectation> one(String name, YamlMap body, Optional<ParsedSql> query, boolean dated) {
        body.allow("an expectation", KEYS, Map.of());
        Optional<SourceText> check = body.required("check", CHECK_REMEDY);
        check.ifPresent(text -> {
            if (dated) {
                conditions.check(text, "check", CHECK_REMEDY);
            } else {
                conditions.checkUndated(text, "check", CHECK_REMEDY);
            }
        });
        Optional<Expectation.Action> action =
                body.required("on_fail", Suggestion.useOneOf(ACTIONS)).flatMap(text -> action(text, query, dated));
        return check.flatMap(
                text -> action.map(a -> new Expectation(name, text.value().strip(), a)));
    }

    private Optional<Expectation.Action> action(SourceText text, Optional<ParsedSql> query, boolean dated) {
        int index = ACTIONS.indexOf(text.value());
        if (index < 0) {
            diagnostics.add(
                    text.location(),
                    "unknown action '" + text.value() + "'" + Suggestion.didYouMean(text.value(), ACTIONS),
                    Suggestion.useOneOf(ACTIONS));
            return Optional.empty();
        }
        Expectation.Action action = Expectation.Action.values()[index];
        boolean holdsRowsBack = action == Expectation.Action.QUARANTINE || action == Expectation.Action.DROP;
        // A table with keys makes events of single rows, whatever it joins these with.
        if (holdsRowsBack && dated && query.map(ParsedSql::mixesRows).orElse(false)) {
            diagnostics.add(
                    text.location(),
                    "on_fail: " + action + " holds single rows back, but the table's SQL makes a row of several (it"
                            + " aggregates, joins, sorts, limits, compares or unites rows)",
                    "Use warn or fail here, or check the rows in the table that this one reads.");
        }
        return Optional.of(action);
    }
}
