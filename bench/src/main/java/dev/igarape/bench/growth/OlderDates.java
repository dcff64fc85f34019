package dev.igarape.bench.growth;

import dev.igarape.bench.engine.ClickTables;
import dev.igarape.bench.harness.MadeUpCommits;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Dates before the day before yesterday, in the ledgers of the tables of clicks; their folders are empty. */
final class OlderDates {
    /** Late clicks come for yesterday, and a day that is late can be the one before. */
    private static final int DAYS_LEFT_OUT = 3;

    private static final Map<String, String> LANDED =
            columns("key binary, topic string, partition int, offset bigint, timestamp timestamp, schema_id int,"
                    + " value struct<username:string,page:string,event_name:string,event_time:timestamp>");

    private OlderDates() {}

    static void write(Lake lake, int dates) throws IOException {
        LocalDate first = LocalDate.now(lake.clock().withZone(ZoneOffset.UTC)).minusDays(dates + DAYS_LEFT_OUT);
        List<TableName> tables = ClickTables.TABLES;
        for (int i = 0; i < tables.size(); i++) {
            Table table = lake.table(tables.get(i));
            List<TableName> inputs = tables.subList(Math.max(0, i - 1), i);
            Map<String, String> columns = inputs.isEmpty() ? LANDED : table.columns();
            MadeUpCommits.write(lake, table, inputs, columns, first, dates);
            makeFolders(lake, table);
        }
    }

    /** What has no folder is not published. */
    private static void makeFolders(Lake lake, Table table) throws IOException {
        TableLayout layout = new TableLayout(lake.target(), table);
        lake.ledger(table.name()).read().partitions().parallelStream().forEach(placed -> {
            try {
                lake.files().mkdirs(new Path(layout.folder(), placed.partition().path()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Map<String, String> columns(String ddl) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (StructField field : StructType.fromDDL(ddl).fields()) {
            columns.put(field.name(), field.dataType().catalogString());
        }
        return columns;
    }
}
