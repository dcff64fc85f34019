package dev.igarape.model.compile.query;

import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceLocation;
import dev.igarape.model.sql.SqlText;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Refuses SQL that may answer differently when it is run again over the same rows. */
public final class DeterminismCheck {
    private static final String DATE = "Use {run_date} for the date that is built or {next_date} for the one after it.";
    private static final Map<String, String> REFUSED = new HashMap<>();

    static {
        refuse(DATE, "current_date", "curdate", "current_timestamp", "now", "localtimestamp", "current_time");
        refuse(
                "Derive the value from the row, for example by xxhash64 or sha2 of its columns.",
                "rand",
                "random",
                "randn",
                "randstr",
                "uniform",
                "uuid",
                "shuffle");
        refuse(
                "Derive the value from the row: where a row is stored and with which others changes from run to run.",
                "monotonically_increasing_id",
                "spark_partition_id",
                "input_file_name",
                "input_file_block_start",
                "input_file_block_length");
        refuse(
                "Write the value itself: it depends on who runs the job.",
                "current_user",
                "session_user",
                "current_catalog",
                "current_database",
                "current_schema");
        refuse("Say it in SQL.", "java_method", "reflect", "try_reflect");
    }

    private static final Set<String> WITHOUT_PARENTHESES =
            Set.of("current_date", "current_timestamp", "localtimestamp", "current_time", "current_user");
    private static final Set<String> ORDERED = Set.of("first", "last", "first_value", "last_value", "any_value");
    private static final Set<String> COLLECTING = Set.of("collect_list", "collect_set", "array_agg");
    private static final Pattern SORTED =
            Pattern.compile("(?i)\\b(sort_array|array_sort|size|array_size|cardinality)\\s*\\(\\s*$");
    private static final Pattern BETWEEN =
            Pattern.compile("(?i)\\s*\\)?\\s*((ignore|respect)\\s+nulls\\s*)?(filter\\s*(?=\\())?");
    private static final Pattern SPECIAL =
            Pattern.compile("(?i)\\b(date|timestamp(_ntz|_ltz)?)\\s*'\\s*(now|today|yesterday|tomorrow)\\b");
    private static final Pattern ORDER_BY = Pattern.compile("(?i)\\border\\s+by\\b");

    private final SqlText sql;
    private final Function<Integer, SourceLocation> places;
    private final Diagnostics faults;

    /** @param places the place in the project of a position in the SQL */
    public DeterminismCheck(SqlText sql, Function<Integer, SourceLocation> places, Diagnostics faults) {
        this.sql = sql;
        this.places = places;
        this.faults = faults;
    }

    /**
     * Reports everything that is refused.
     *
     * @param text the SQL as written
     * @param functions names of the functions that it calls, as its parser found them
     */
    public void check(String text, Collection<String> functions) {
        Set<String> called = new LinkedHashSet<>();
        functions.forEach(name -> called.add(name.substring(name.lastIndexOf('.') + 1)));
        WITHOUT_PARENTHESES.stream().filter(name -> position(name) >= 0).forEach(called::add);
        for (String name : called) {
            if (REFUSED.containsKey(name)) {
                refuse(position(name), name + " answers differently on every run", REFUSED.get(name));
            } else if (ORDERED.contains(name)) {
                ordered(name);
            } else if (COLLECTING.contains(name)) {
                collecting(name);
            } else if (name.equals("unix_timestamp")) {
                clockless(name);
            }
        }
        Matcher special = SPECIAL.matcher(text);
        while (special.find()) {
            if (!Character.isWhitespace(sql.code().charAt(special.start()))) {
                refuse(special.start(), "'" + special.group(3) + "' is another date on every run", DATE);
            }
        }
        sampling();
    }

    private void ordered(String name) {
        Matcher call = call(name);
        boolean found = false;
        while (call.find()) {
            found = true;
            if (!isOverOrder(call.end())) {
                unordered(call.start(), name);
            }
        }
        if (!found) {
            unordered(position(name), name);
        }
    }

    private void unordered(int position, String name) {
        refuse(
                position,
                name + " takes any row where no order is given",
                "Use min, max, min_by or max_by, or a window: " + name + "(…) OVER (PARTITION BY … ORDER BY …).");
    }

    /** Whether the call whose parenthesis opened just before is followed by OVER with an order. */
    private boolean isOverOrder(int inside) {
        String code = sql.code();
        int at = close(code, inside);
        Matcher between = BETWEEN.matcher(code).region(at, code.length());
        if (between.lookingAt()) {
            at = between.end();
            if (between.group(3) != null) {
                at = close(code, at + 1) + 1;
            }
        }
        Matcher over = Pattern.compile("(?i)\\s*over\\s*(\\(|\\w+)")
                .matcher(code)
                .region(Math.min(at, code.length()), code.length());
        if (!over.lookingAt()) {
            return false;
        }
        String window = over.group(1).equals("(") ? code.substring(over.end(), close(code, over.end())) : code;
        return ORDER_BY.matcher(window).find();
    }

    private void collecting(String name) {
        Matcher call = call(name);
        while (call.find()) {
            if (!SORTED.matcher(sql.code().substring(0, call.start())).find()) {
                refuse(
                        call.start(),
                        name + " gathers values in an order that changes from run to run",
                        "Wrap it: sort_array(" + name + "(…)).");
            }
        }
    }

    private void clockless(String name) {
        Matcher call = Pattern.compile("(?i)\\b" + name + "\\s*\\(\\s*\\)").matcher(sql.code());
        while (call.find()) {
            refuse(call.start(), name + "() answers differently on every run", DATE);
        }
    }

    private void sampling() {
        String code = sql.code();
        Matcher sample = Pattern.compile("(?i)\\btablesample\\s*\\(").matcher(code);
        while (sample.find()) {
            refuse(
                    sample.start(),
                    "TABLESAMPLE takes other rows on every run",
                    "Filter by a hash of a column, for example WHERE pmod(xxhash64(id), 100) < 5.");
        }
        Matcher limit = Pattern.compile("(?i)\\blimit\\s+[\\w(]").matcher(code);
        if (limit.find() && !ORDER_BY.matcher(code).find()) {
            refuse(limit.start(), "LIMIT without ORDER BY takes any rows", "Add an ORDER BY that leaves no ties.");
        }
    }

    private Matcher call(String name) {
        return Pattern.compile("(?i)(?<![\\w.])" + name + "\\s*\\(").matcher(sql.code());
    }

    /** Where the word stands in the code, or -1. */
    private int position(String word) {
        Matcher match = Pattern.compile("(?i)(?<![\\w.])" + word + "(?!\\w)").matcher(sql.code());
        return match.find() ? match.start() : -1;
    }

    /** The parenthesis that closes the one opened before {@code inside}. */
    private static int close(String code, int inside) {
        int depth = 1;
        for (int at = inside; at < code.length(); at++) {
            if (code.charAt(at) == '(') {
                depth++;
            } else if (code.charAt(at) == ')') {
                depth--;
                if (depth == 0) {
                    return at;
                }
            }
        }
        return code.length();
    }

    private void refuse(int position, String problem, String remedy) {
        faults.add(places.apply(Math.max(0, position)), problem, remedy);
    }

    private static void refuse(String remedy, String... functions) {
        List.of(functions).forEach(function -> REFUSED.put(function, remedy));
    }
}
