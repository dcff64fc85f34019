package dev.igarape.jobs.schema;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.ql.io.avro.AvroGenericRecordReader;
import org.apache.hadoop.hive.serde2.SerDeException;
import org.apache.hadoop.hive.serde2.avro.AvroGenericRecordWritable;
import org.apache.hadoop.hive.serde2.avro.AvroSerDe;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapred.FileSplit;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hadoop.mapred.Reporter;
import org.apache.spark.sql.SparkSession;

/** Reads Avro files with a reader schema through each engine: every column of every row. Returns the number of rows. */
final class ReadBack {
    private ReadBack() {}

    static long bySpark(SparkSession spark, List<Path> files, Schema reader) {
        return spark.read()
                .format("avro")
                .option("avroSchema", reader.toString())
                .load(files.stream().map(Path::toString).toArray(String[]::new))
                .collectAsList()
                .size();
    }

    static long byHive(Configuration hadoop, List<Path> files, Schema reader) throws IOException, SerDeException {
        JobConf job = new JobConf(hadoop);
        // Where Hive's reader looks for the schema outside of Hive's own jobs.
        job.set("avro.serde.schema", reader.toString());
        Properties table = new Properties();
        table.setProperty("avro.schema.literal", reader.toString());
        AvroSerDe serde = new AvroSerDe();
        serde.initialize(job, table);
        long rows = 0;
        for (Path file : files) {
            FileSplit whole = new FileSplit(
                    file, 0, file.getFileSystem(hadoop).getFileStatus(file).getLen(), (String[]) null);
            AvroGenericRecordReader records = new AvroGenericRecordReader(job, whole, Reporter.NULL);
            try {
                AvroGenericRecordWritable row = records.createValue();
                while (records.next(NullWritable.get(), row)) {
                    serde.deserialize(row);
                    rows++;
                }
            } finally {
                records.close();
            }
        }
        return rows;
    }

    static long byTrino(String url, String user, String table) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        try (Connection connection = DriverManager.getConnection(url, properties);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
            long count = 0;
            while (rows.next()) {
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    rows.getObject(column);
                }
                count++;
            }
            return count;
        }
    }
}
