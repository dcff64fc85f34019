package dev.igarape.jobs.landing.jdbc;

import dev.igarape.jobs.landing.jdbc.dialect.SourceColumn;
import dev.igarape.model.sql.SqlIdentifier;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/** Rules for column names of the lake, and names suggested for a database's columns. */
final class ColumnNames {
    private static final int LONGEST = 100;

    private ColumnNames() {}

    /** Whether a column of the lake can have this name. */
    static boolean isName(String name) {
        return name.matches("[a-z_][a-z0-9_]*") && !name.equals("date");
    }

    /** The database column that a pipeline refers to; its name may be in double quotes. */
    static String unquoted(String written) {
        return SqlIdentifier.unquoted(written);
    }

    /**
     * Suggests a valid name for a database column, e.g. {@code created_at} for {@code createdAt}, and adds it to the
     * names that are taken.
     */
    static String suggest(SourceColumn column, Set<String> taken) {
        String words = Normalizer.normalize(column.name(), Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "_")
                .replaceAll("^_+|_+$", "");
        String name = words.isEmpty() ? "column" : words.matches("[a-z].*") ? words : "column_" + words;
        name = name.equals("date") ? "source_date" : name.substring(0, Math.min(name.length(), LONGEST));
        String free = name;
        for (int i = 2; !taken.add(free); i++) {
            free = name + "_" + i;
        }
        return free;
    }
}
