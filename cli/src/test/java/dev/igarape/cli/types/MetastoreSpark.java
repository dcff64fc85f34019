package dev.igarape.cli.types;

import dev.igarape.cli.e2e.LakeCommand;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/** Spark as somebody else starts it: tables come from the metastore, settings are Spark's own. */
final class MetastoreSpark {
    private static final String NULL = "NULL";
    /** Stands behind what is said of a table. */
    private static final String END = "end of table";
    /** Stands before the rows of queries. */
    private static final String ROWS = "rows of queries";

    private final LakeCommand lake;
    private final Path state;

    MetastoreSpark(LakeCommand lake, Path state) {
        this.lake = lake;
        this.state = state;
    }

    /**
     * What one session shows.
     *
     * @param rows of each query: cells by column, by the first column
     * @param types of each table: the metastore's type by column
     */
    record Shown(List<Map<String, Map<String, Optional<String>>>> rows, List<Map<String, String>> types) {}

    /**
     * Runs queries and describes tables.
     *
     * @param queries whose first column is called {@code label}; all columns must be texts without tabs
     */
    Shown show(List<String> queries, List<String> tables) throws IOException, InterruptedException {
        String described = tables.stream()
                .map(table -> "DESCRIBE " + table + "; SELECT '" + END + "'")
                .collect(Collectors.joining("; "));
        List<String> lines = ask(described + "; SELECT '" + ROWS + "'; SET spark.sql.cli.print.header=true; "
                        + String.join("; ", queries))
                .lines()
                .toList();
        int rows = lines.indexOf(ROWS);
        return new Shown(rows(lines.subList(rows, lines.size())), types(lines.subList(0, rows)));
    }

    private static List<Map<String, Map<String, Optional<String>>>> rows(List<String> lines) {
        List<Map<String, Map<String, Optional<String>>>> answers = new ArrayList<>();
        String[] columns = {};
        for (String line : lines.stream().dropWhile(line -> !isHeader(line)).toList()) {
            String[] cells = line.split("\t", -1);
            if (isHeader(line)) {
                columns = cells;
                answers.add(new HashMap<>());
                continue;
            }
            Map<String, Optional<String>> row = new HashMap<>();
            for (int i = 1; i < columns.length; i++) {
                row.put(columns[i], cells[i].equals(NULL) ? Optional.empty() : Optional.of(cells[i]));
            }
            answers.get(answers.size() - 1).put(cells[0], row);
        }
        return answers;
    }

    private static boolean isHeader(String line) {
        return line.startsWith("label\t");
    }

    private static List<Map<String, String>> types(List<String> lines) {
        List<Map<String, String>> answers = new ArrayList<>();
        Map<String, String> types = new HashMap<>();
        for (String line : lines) {
            String[] cells = line.split("\t");
            if (line.equals(END)) {
                answers.add(types);
                types = new HashMap<>();
            } else if (cells.length > 1) {
                types.putIfAbsent(cells[0].strip(), cells[1].strip());
            }
        }
        return answers;
    }

    private String ask(String sql) throws IOException, InterruptedException {
        Properties defaults = new Properties();
        try (Reader reader = Files.newBufferedReader(state.resolve("conf/spark/spark-defaults.conf"))) {
            defaults.load(reader);
        }
        Path jars = Path.of(Arrays.stream(defaults.getProperty("spark.driver.extraClassPath")
                                .split(":"))
                        .filter(entry -> entry.endsWith("jars/*"))
                        .findFirst()
                        .orElseThrow())
                .getParent();
        List<String> command = List.of(
                jars.resolveSibling("bin/spark-sql").toString(),
                "--master",
                "local[2]",
                "--conf",
                "spark.sql.catalogImplementation=hive",
                "--conf",
                "spark.ui.enabled=false",
                "--conf",
                "spark.hadoop.hive.metastore.uris=" + defaults.getProperty("spark.hadoop.hive.metastore.uris"),
                "--conf",
                "spark.hadoop.fs.defaultFS=" + defaults.getProperty("spark.hadoop.fs.defaultFS"),
                "-S",
                "-e",
                sql);
        return lake.execute(command, Map.of("SPARK_CONF_DIR", state.toString(), "SPARK_LOCAL_IP", "127.0.0.1"))
                .succeeded()
                .out();
    }
}
