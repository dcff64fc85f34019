package dev.igarape.cli.types;

import dev.igarape.cli.e2e.LakeCommand;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Spark as somebody else starts it: tables come from the metastore, settings are Spark's own. */
final class MetastoreSpark {
    private static final String NULL = "NULL";

    private final LakeCommand lake;
    private final Path state;

    MetastoreSpark(LakeCommand lake, Path state) {
        this.lake = lake;
        this.state = state;
    }

    /** Cells by column, by the first column, which is the label; all must be texts without tabs. */
    Map<String, Map<String, Optional<String>>> rows(String sql) throws IOException, InterruptedException {
        List<String> lines = ask("SET spark.sql.cli.print.header=true; " + sql)
                .lines()
                .dropWhile(line -> !line.startsWith("label\t"))
                .toList();
        String[] columns = lines.get(0).split("\t", -1);
        Map<String, Map<String, Optional<String>>> rows = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            Map<String, Optional<String>> row = new HashMap<>();
            for (int i = 1; i < columns.length; i++) {
                row.put(columns[i], cells[i].equals(NULL) ? Optional.empty() : Optional.of(cells[i]));
            }
            rows.put(cells[0], row);
        }
        return rows;
    }

    /** The metastore's type by column. */
    Map<String, String> types(String table) throws IOException, InterruptedException {
        Map<String, String> types = new HashMap<>();
        ask("DESCRIBE " + table)
                .lines()
                .map(line -> line.split("\t"))
                .filter(cells -> cells.length > 1)
                .forEach(cells -> types.putIfAbsent(cells[0].strip(), cells[1].strip()));
        return types;
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
