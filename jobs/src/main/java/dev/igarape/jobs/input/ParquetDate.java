package dev.igarape.jobs.input;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.ParquetFolder;
import dev.igarape.jobs.sql.Widening;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Parquet files of one date, read with the table's current columns. The files may have other types from an earlier
 * definition, and Spark's reader only accepts the types in the files, so they are read as written and then cast.
 *
 * @param written columns in the files
 */
record ParquetDate(StructType written) {
    /** @param columns columns of the table, used if the folder has no files */
    static ParquetDate open(Lake lake, Path folder, StructType columns) throws IOException {
        return new ParquetDate(
                ParquetFolder.schema(lake.files(), lake.hadoop(), folder).orElse(columns));
    }

    /** Columns that can't hold what was written, as {@code id bigint as int}; empty if all can. */
    List<String> unreadable(StructType columns) {
        List<String> faults = new ArrayList<>();
        for (StructField column : columns.fields()) {
            find(written, column.name())
                    .filter(field ->
                            readable(field.dataType(), column.dataType()).isEmpty())
                    .ifPresent(field -> faults.add(column.name() + " "
                            + field.dataType().catalogString() + " as "
                            + column.dataType().catalogString()));
        }
        return faults;
    }

    /** The rows of folders that were written alike, with these columns; columns that were not written are null. None may be {@link #unreadable}. */
    Dataset<Row> rows(SparkSession session, StructType columns, String... folders) {
        StructType schema = (StructType) readable(written, columns).orElseThrow();
        Column[] widened = Arrays.stream(columns.fields())
                .map(column -> functions
                        .col("`" + column.name() + "`")
                        .cast(column.dataType())
                        .as(column.name()))
                .toArray(Column[]::new);
        Dataset<Row> rows = session.read()
                .schema(schema)
                .option("recursiveFileLookup", true)
                .parquet(folders);
        return schema.asNullable().equals(columns.asNullable()) ? rows : rows.select(widened);
    }

    /** The schema to read with: the fields of the target, each with the type that was written. */
    private static Optional<DataType> readable(DataType written, DataType target) {
        if (written instanceof StructType from && target instanceof StructType to) {
            List<StructField> fields = new ArrayList<>();
            for (StructField field : to.fields()) {
                Optional<StructField> source = find(from, field.name());
                Optional<DataType> type = source.isEmpty()
                        ? Optional.of(field.dataType())
                        : readable(source.get().dataType(), field.dataType());
                if (type.isEmpty()) {
                    return Optional.empty();
                }
                fields.add(new StructField(field.name(), type.get(), true, field.metadata()));
            }
            return Optional.of(new StructType(fields.toArray(StructField[]::new)));
        }
        if (written instanceof ArrayType from && target instanceof ArrayType to) {
            return readable(from.elementType(), to.elementType()).map(element -> new ArrayType(element, true));
        }
        if (written instanceof MapType from && target instanceof MapType to) {
            return readable(from.keyType(), to.keyType())
                    .flatMap(key ->
                            readable(from.valueType(), to.valueType()).map(value -> new MapType(key, value, true)));
        }
        return Widening.isLossless(written, target) ? Optional.of(written) : Optional.empty();
    }

    private static Optional<StructField> find(StructType fields, String name) {
        return Arrays.stream(fields.fields())
                .filter(field -> field.name().equals(name))
                .findFirst();
    }
}
