package dev.igarape.jobs.landing.jdbc;

import dev.igarape.model.sql.SqlIdentifier;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/** Names of columns, the database's and the lake's. */
final class ColumnNames {
    private static final int LONGEST = 100;

    private ColumnNames() {}

    /** Whether a column of the lake can have this name. */
    static boolean isName(String name) {
        return name.matches("[a-z_][a-z0-9_]*") && !name.equals("date");
    }

    /** The column that a pipeline means: its name in the database's letters, in double quotes or not. */
    static String meant(String written) {
        return SqlIdentifier.unquoted(written);
    }

    /**
     * A name for a column whose own the lake can't have, which is added to those that are taken: {@code created_at} for
     * {@code createdAt}.
     */
    static String propose(SourceColumn column, Set<String> taken) {
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
