package dev.igarape.model.targets;

import dev.igarape.model.Layer;
import dev.igarape.model.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites Trino SQL for a target: definitions and people write {@code gold.orders}, and on a target with prefix {@code
 * dev_} that table is {@code dev_gold.orders}.
 *
 * <p>Works on words, not on grammar: a dotted name that begins with a table of the lake, with or without the target's
 * catalog before it, gets the target's database, quoted or not, as a table or as what qualifies a column. Strings and
 * comments stay as they are, and so do names that only end like a table ({@code a.gold.orders}). An alias that is
 * called like a layer, with a column called like a table of that layer, is taken for the table.
 */
public final class TargetSql {
    /** What can stand in SQL, in the order in which it is tried; only names are looked at. */
    private static final Pattern WORD = Pattern.compile(
            "'[^']*'?" // a doubled quote reads as two strings
                    + "|--[^\\n]*"
                    + "|(?s:/\\*.*?(?:\\*/|\\z))"
                    + "|(?<name>" + part() + "(?:\\s*\\.\\s*" + part() + ")*)");

    private static final Pattern PART = Pattern.compile(part());

    private final Target target;
    private final String catalog;
    private final Set<String> tables = new TreeSet<>();

    /** @param tables those whose names are replaced */
    public TargetSql(Target target, Collection<TableName> tables) {
        this.target = target;
        this.catalog = target.trino().replaceFirst("[?].*$", "").replaceFirst("^jdbc:trino://[^/]*/?([^/]*).*$", "$1");
        tables.forEach(table -> this.tables.add(table.toString()));
    }

    /** The SQL with the databases of the target. */
    public String of(String sql) {
        if (target.prefix().isEmpty()) {
            return sql;
        }
        StringBuilder text = new StringBuilder();
        Matcher word = WORD.matcher(sql);
        int end = 0;
        while (word.find()) {
            text.append(sql, end, word.start());
            text.append(word.group("name") == null ? word.group() : named(word.group()));
            end = word.end();
        }
        return text.append(sql, end, sql.length()).toString();
    }

    private String named(String chain) {
        List<Integer> starts = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        Matcher part = PART.matcher(chain);
        while (part.find()) {
            starts.add(part.start());
            ends.add(part.end());
            parts.add(identifier(part.group()));
        }
        int layer = isTable(parts, 0) ? 0 : isTable(parts, 1) && parts.get(0).equals(catalog) ? 1 : -1;
        if (layer < 0) {
            return chain;
        }
        String database = target.database(Layer.parse(parts.get(layer)));
        String written = chain.charAt(starts.get(layer)) == '"' ? '"' + database + '"' : database;
        return chain.substring(0, starts.get(layer)) + written + chain.substring(ends.get(layer));
    }

    private boolean isTable(List<String> parts, int at) {
        return parts.size() > at + 1 && tables.contains(parts.get(at) + "." + parts.get(at + 1));
    }

    /** As Trino's Hive catalog understands it: case does not matter, quoted or not. */
    private static String identifier(String written) {
        String name = written.startsWith("\"") ? written.substring(1, written.length() - 1) : written;
        return name.toLowerCase(Locale.ROOT);
    }

    private static String part() {
        return "(?:\"(?:[^\"]|\"\")*\"|[\\p{L}_][\\p{L}\\p{N}_@$]*)";
    }
}
