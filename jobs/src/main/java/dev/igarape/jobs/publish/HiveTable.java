package dev.igarape.jobs.publish;

import dev.igarape.jobs.avro.HiveAvro;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.TableType;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.hadoop.hive.metastore.api.SerDeInfo;
import org.apache.hadoop.hive.metastore.api.StorageDescriptor;
import org.apache.hadoop.hive.metastore.api.Table;

/**
 * Definition of an external Hive table.
 *
 * @param columns Spark SQL types by column name, in order, without partition columns
 * @param keys types by partition column, in order; none for a Delta table
 * @param avroSchema reader schema, for Avro tables only
 */
record HiveTable(
        String database,
        String name,
        String description,
        String location,
        Format format,
        Map<String, String> columns,
        Map<String, String> keys,
        Optional<String> avroSchema) {
    static final String AVRO_SCHEMA_LITERAL = "avro.schema.literal";

    /** Spark and Trino read a table with this parameter by the Delta log in the folder that {@link #PATH} names. */
    private static final String PROVIDER = "spark.sql.sources.provider";

    /** SerDe parameter with a Delta table's folder. */
    private static final String PATH = "path";

    /** The type, but not a struct's field of that name. */
    private static final Pattern TIMESTAMP_NTZ = Pattern.compile("\\btimestamp_ntz\\b(?!:)");

    /** Hive's input format, output format and SerDe for a table's files. */
    enum Format {
        AVRO(
                "org.apache.hadoop.hive.serde2.avro.AvroSerDe",
                "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
                "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat"),
        PARQUET(
                "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
                "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
                "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"),
        TEXT(
                "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                "org.apache.hadoop.mapred.TextInputFormat",
                "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"),
        /** As Spark declares a Delta table, whose rows Hive itself can't read. */
        DELTA(
                "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                "org.apache.hadoop.mapred.SequenceFileInputFormat",
                "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat");

        private final String serde;
        private final String inputFormat;
        private final String outputFormat;

        Format(String serde, String inputFormat, String outputFormat) {
            this.serde = serde;
            this.inputFormat = inputFormat;
            this.outputFormat = outputFormat;
        }
    }

    /** A partition with this folder. */
    Partition partition(List<String> values, String folder, Map<String, String> parameters) {
        Partition partition = new Partition();
        partition.setDbName(database);
        partition.setTableName(name);
        partition.setValues(values);
        partition.setSd(storage(folder));
        partition.setParameters(parameters);
        return partition;
    }

    /** @param sequence the commit that is published; a table without partitions bears it, of others each partition does */
    Table toMetastore(long sequence) {
        Table table = toMetastore();
        if (!isPartitioned()) {
            table.putToParameters(Publisher.SEQUENCE, Long.toString(sequence));
        }
        return table;
    }

    Table toMetastore() {
        Table table = new Table();
        table.setDbName(database);
        table.setTableName(name);
        table.setOwner("igarape");
        table.setTableType(TableType.EXTERNAL_TABLE.toString());
        table.setSd(storage(location));
        table.setPartitionKeys(partitionKeys());
        table.setParameters(parameters());
        return table;
    }

    private Map<String, String> parameters() {
        Map<String, String> parameters = new HashMap<>();
        parameters.put("EXTERNAL", "TRUE");
        parameters.put("comment", description);
        parameters.put("igarape.managed", "true");
        avroSchema.ifPresent(schema -> parameters.put(AVRO_SCHEMA_LITERAL, HiveAvro.literal(schema)));
        if (format == Format.DELTA) {
            parameters.put(PROVIDER, "delta");
        }
        return parameters;
    }

    /** Whether the metastore's table is up to date. */
    boolean matches(Table table) {
        return parameters().entrySet().stream()
                        .allMatch(e -> e.getValue().equals(table.getParameters().get(e.getKey())))
                && (format == Format.AVRO || fields().equals(table.getSd().getCols()))
                && !isPartitionedOtherwise(table)
                && sameFolder(table.getSd().getLocation(), location)
                && (format != Format.DELTA
                        || isPath(table.getSd().getSerdeInfo().getParameters().get(PATH)));
    }

    private boolean isPath(String folder) {
        return folder != null && sameFolder(folder, location);
    }

    /** Whether it has partitions; the metastore is not to be asked for those of a table that has none. */
    boolean isPartitioned() {
        return !keys.isEmpty();
    }

    /** Whether the metastore's table has other partition columns, which can't be altered. */
    boolean isPartitionedOtherwise(Table table) {
        return !fields(keys).equals(table.getPartitionKeys());
    }

    /** The same table by another name. */
    HiveTable named(String other) {
        return new HiveTable(database, other, description, location, format, columns, keys, avroSchema);
    }

    /** Whether two URIs are the same folder; the metastore writes {@code file:/x} for {@code file:///x}. */
    static boolean sameFolder(String one, String other) {
        return new Path(one).equals(new Path(other));
    }

    StorageDescriptor storage(String folder) {
        SerDeInfo serde = new SerDeInfo();
        serde.setSerializationLib(format.serde);
        Map<String, String> serdeParameters = new HashMap<>();
        if (format == Format.TEXT) {
            // One column only: the separator is a character that valid JSON text can't contain.
            serdeParameters.put("field.delim", "\u0001");
            serdeParameters.put("serialization.format", "\u0001");
        }
        if (format == Format.DELTA) {
            serdeParameters.put(PATH, folder);
        }
        serde.setParameters(serdeParameters);
        StorageDescriptor storage = new StorageDescriptor();
        storage.setCols(fields());
        storage.setLocation(folder);
        storage.setInputFormat(format.inputFormat);
        storage.setOutputFormat(format.outputFormat);
        storage.setSerdeInfo(serde);
        storage.setNumBuckets(-1);
        storage.setBucketCols(new ArrayList<>());
        storage.setSortCols(new ArrayList<>());
        storage.setParameters(new HashMap<>());
        return storage;
    }

    List<FieldSchema> partitionKeys() {
        return fields(keys);
    }

    private List<FieldSchema> fields() {
        return fields(columns);
    }

    private static List<FieldSchema> fields(Map<String, String> columns) {
        List<FieldSchema> fields = new ArrayList<>();
        columns.forEach((column, type) -> fields.add(new FieldSchema(column, hiveType(type), null)));
        return fields;
    }

    /**
     * Hive has one timestamp type, without time zone; the files define whether a value is an instant or a local time.
     */
    private static String hiveType(String type) {
        return TIMESTAMP_NTZ.matcher(type).replaceAll("timestamp");
    }
}
