package dev.igarape.jobs.keyed;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.ParquetFolder;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** What a table with keys remembers besides its rows, in folders of the commits that have found it. */
final class RememberedFolders {
    /** From so many folders on, small ones are merged. */
    private static final int MANY = 5;

    private final Lake lake;
    private final SparkSession session;
    private final List<String> keys;
    private final Fold fold;
    private final String root;
    private final String commitId;

    /** @param commitId of the step, whose folder gets what it adds */
    RememberedFolders(Lake lake, SparkSession session, Table table, String commitId) {
        this.lake = lake;
        this.session = session;
        this.keys = ((KeyedDefinition) table.definition()).keys();
        this.fold = Fold.of(table);
        this.root = new TableLayout(lake.target(), table).folder();
        this.commitId = commitId;
    }

    /** What is in these folders; empty: there are none. */
    Optional<Dataset<Row>> rows(List<String> folders) throws IOException {
        if (folders.isEmpty()) {
            return Optional.empty();
        }
        String[] paths = folders.stream().map(path -> folder(path).toString()).toArray(String[]::new);
        // All have the same columns. Spark would start a job to look for them.
        Optional<StructType> columns = ParquetFolder.schema(lake.files(), lake.hadoop(), folder(folders.get(0)));
        DataFrameReader reader = session.read();
        return Optional.of(
                columns.map(schema -> reader.schema(schema)).orElse(reader).parquet(paths));
    }

    /**
     * The folders with what is remembered of all steps so far and of this one. Once there are many, those that are small
     * beside the newer ones are merged with these, as in a log-structured merge tree: each row is written anew a number of
     * times that grows with the logarithm of the table.
     */
    List<String> with(List<String> before, Dataset<Row> rows) throws IOException {
        List<String> folders = new ArrayList<>(before);
        List<String> merged = new ArrayList<>();
        if (folders.size() >= MANY) {
            long size = 0;
            for (int i = folders.size() - 1; i >= 0; i--) {
                long older =
                        lake.files().getContentSummary(folder(folders.get(i))).getLength();
                if (!merged.isEmpty() && older > 2 * size) {
                    break;
                }
                size += older;
                merged.add(folders.remove(i));
            }
        }
        Dataset<Row> all = merged.isEmpty()
                ? rows
                : fold.latest().ofParts(rows.unionByName(rows(merged).orElseThrow()));
        String path = commitId + "/" + fold.folder();
        folders.add(path);
        Optional<List<InternalRow>> few = KeptRows.inMemory(all);
        if (few.isPresent()) {
            FewRowsFile.write(session, folder(path), few.get(), all.schema());
            return folders;
        }
        // Sorted, since equal keys side by side take less room.
        all.coalesce(1)
                .sortWithinPartitions(keys.stream().map(Latest::column).toArray(Column[]::new))
                .write()
                .parquet(folder(path).toString());
        return folders;
    }

    private Path folder(String path) {
        return new Path(root, path);
    }
}
