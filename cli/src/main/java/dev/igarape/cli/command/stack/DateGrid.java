package dev.igarape.cli.command.stack;

import dev.igarape.cli.query.QueryResult;
import dev.igarape.cli.query.TrinoClient;
import dev.igarape.model.Layer;
import dev.igarape.model.targets.Target;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/**
 * A grid of the last dates of each table with their statuses, from {@code ops.last_dates}.
 *
 * @param dates at most 14, in order, as {@code 2024-01-31}
 * @param tables status by date, by table; a table need not have every date
 * @param staleIntervals likewise, how many intervals of a stale date are to be computed again, where that is known
 */
public record DateGrid(
        List<String> dates, Map<String, Map<String, String>> tables, Map<String, Map<String, Integer>> staleIntervals) {
    private static final int DATES = 14;
    private static final Map<String, Sign> SIGNS = signs();

    /** The letter and style of a status. */
    private record Sign(String letter, String style) {}

    public DateGrid {
        dates = List.copyOf(dates);
        tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
        staleIntervals = Collections.unmodifiableMap(new LinkedHashMap<>(staleIntervals));
    }

    /**
     * Queries the few rows of {@code ops.last_dates}, which are in one file; LakeException as of {@link TrinoClient#query},
     * also before the first run has created the table.
     */
    public static DateGrid read(Target target) {
        return of(new TrinoClient(target)
                .query("SELECT table_name, CAST(date AS varchar), status, coalesce(stale_intervals, 0) FROM "
                        + target.database(Layer.OPS) + ".last_dates WHERE date <= current_date"));
    }

    /** The grid of rows (table, date, status, stale intervals): of all of them, the last dates. */
    static DateGrid of(QueryResult result) {
        TreeSet<String> dates = new TreeSet<>();
        result.rows().forEach(row -> dates.add(row.get(1).toString()));
        while (dates.size() > DATES) {
            dates.pollFirst();
        }
        Map<String, Map<String, String>> tables = new TreeMap<>();
        Map<String, Map<String, Integer>> staleIntervals = new TreeMap<>();
        for (List<Object> row : result.rows()) {
            String date = row.get(1).toString();
            if (dates.contains(date)) {
                tables.computeIfAbsent(row.get(0).toString(), name -> new TreeMap<>())
                        .put(date, row.get(2).toString());
                int stale = ((Number) row.get(3)).intValue();
                if (stale > 0) {
                    staleIntervals
                            .computeIfAbsent(row.get(0).toString(), name -> new TreeMap<>())
                            .put(date, stale);
                }
            }
        }
        return new DateGrid(new ArrayList<>(dates), tables, staleIntervals);
    }

    /** Prints a line for each table and a column for each date, in colours if {@code ansi} has them. */
    public void print(PrintWriter out, Ansi ansi) {
        if (dates.isEmpty()) {
            return;
        }
        out.printf(
                "%n%-30s %s%n",
                dates.get(0).substring(0, 4) + " to "
                        + dates.get(dates.size() - 1).substring(0, 4),
                dates.stream().map(date -> date.substring(5)).collect(Collectors.joining(" ")));
        tables.forEach((table, statuses) -> out.printf(
                "%-30s %s%n",
                table,
                dates.stream()
                        .map(date -> shown(statuses.getOrDefault(date, ""), stale(table, date), ansi))
                        .collect(Collectors.joining(" "))
                        .stripTrailing()));
        out.println(SIGNS.entrySet().stream()
                        .map(sign -> sign.getValue().letter() + " " + sign.getKey())
                        .collect(Collectors.joining("  "))
                + (staleIntervals.isEmpty() ? "" : "  2S 2 intervals stale"));
    }

    /** How many intervals of a date are stale, as text; empty where that is not known. */
    private String stale(String table, String date) {
        return Optional.ofNullable(staleIntervals.getOrDefault(table, Map.of()).get(date))
                .map(Object::toString)
                .orElse("");
    }

    /** A letter in the middle of five columns, behind a number if there is one. */
    private static String shown(String status, String number, Ansi ansi) {
        Sign sign = SIGNS.getOrDefault(status, new Sign(".", "faint"));
        String before = " ".repeat(Math.max(0, (number.isEmpty() ? 2 : 3) - number.length()));
        String after = " ".repeat(Math.max(0, 4 - before.length() - number.length()));
        return before + ansi.string("@|" + sign.style() + " " + number + sign.letter() + "|@") + after;
    }

    private static Map<String, Sign> signs() {
        Map<String, Sign> signs = new LinkedHashMap<>();
        signs.put("landed", new Sign("L", "green"));
        signs.put("fresh", new Sign("F", "green"));
        signs.put("stale", new Sign("S", "yellow"));
        signs.put("missing", new Sign("M", "yellow"));
        signs.put("blocked", new Sign("B", "red"));
        signs.put("running", new Sign("R", "blue"));
        signs.put("frozen", new Sign("Z", "cyan"));
        return signs;
    }
}
