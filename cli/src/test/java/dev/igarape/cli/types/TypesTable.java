package dev.igarape.cli.types;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The table of types in the documentation: what each reader shows of each type, as it was seen. */
final class TypesTable {
    private static final String BEGIN = "<!-- table of types: begin -->\n";
    private static final String END = "<!-- table of types: end -->\n";

    private final List<String> lines = new ArrayList<>();

    TypesTable() {
        lines.add("| source | type | Spark | metastore | Trino | Trino, raw table | values compared |");
        lines.add("|---|---|---|---|---|---|---|");
    }

    /** Types by column of the source. */
    void add(
            TypedSource source,
            Map<String, String> spark,
            Map<String, String> metastore,
            Map<String, String> trino,
            Map<String, String> raw) {
        for (TypedColumn column : source.columns()) {
            String name = column.name();
            lines.add("| %s | %s | `%s` | `%s` | `%s` | %s | %s |"
                    .formatted(
                            source.title(),
                            column.type(),
                            spark.get(name),
                            metastore.get(name),
                            trino.get(name),
                            raw.containsKey(name) ? "`" + raw.get(name) + "`" : "`varchar`",
                            String.join(", ", new TreeSet<>(column.extremes().keySet())) + ", null"));
        }
    }

    /** The table that a page has. */
    static String of(Path page) throws IOException {
        String text = Files.readString(page);
        return text.substring(text.indexOf(BEGIN) + BEGIN.length(), text.indexOf(END));
    }

    @Override
    public String toString() {
        return String.join("\n", lines) + "\n";
    }
}
