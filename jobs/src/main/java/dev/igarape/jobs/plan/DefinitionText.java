package dev.igarape.jobs.plan;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import dev.igarape.model.Expectation;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The parts of a definition that decide a table's rows, as text for diffs: columns, inputs, keys and other rules,
 * expectations, SQL.
 */
public final class DefinitionText {
    private static final int CONTEXT = 3;

    private DefinitionText() {}

    /** The definition as text; the same definition hash always gives the same text. */
    public static String of(Table table) {
        List<String> lines = new ArrayList<>();
        table.columns().forEach((column, type) -> lines.add("column " + column + " " + type));
        table.inputs().stream()
                .sorted(Comparator.comparing(Input::table))
                .forEach(input -> lines.add("input " + input.table() + lookback(input)));
        lines.addAll(table.definition().rules());
        table.expectations().stream()
                .sorted(Comparator.comparing(Expectation::name))
                .forEach(expectation -> lines.add(
                        "expect " + expectation.name() + " (" + expectation.onFail() + "): " + expectation.check()));
        table.definition().query().ifPresent(sql -> sql.strip().lines().forEach(lines::add));
        return String.join("\n", lines) + "\n";
    }

    private static String lookback(Input input) {
        return input.lookbackTime()
                .map(time -> ", lookback " + time.toSeconds() + " seconds")
                .orElse(input.lookback() == 0 ? "" : ", lookback " + input.lookback());
    }

    /** Unified diff of two definitions, line by line. */
    static List<String> diff(String before, String now) {
        List<String> old = before.lines().toList();
        return UnifiedDiffUtils.generateUnifiedDiff(
                "built", "declared", old, DiffUtils.diff(old, now.lines().toList()), CONTEXT);
    }
}
