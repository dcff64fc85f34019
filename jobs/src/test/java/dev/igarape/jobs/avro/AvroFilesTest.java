package dev.igarape.jobs.avro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingSpark;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestServers.class)
final class AvroFilesTest {
    private static final String SCHEMA =
            "{\"type\":\"record\",\"name\":\"topLevelRecord\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"}]}";

    @TempDir
    private java.nio.file.Path folder;

    /** Spark computes subqueries once that it takes for the same. */
    @Test
    void filesOfTwoFoldersAreTwoRelations(TestingSpark spark) throws Exception {
        SparkSession session = spark.newSession();
        rows(session, "one", 1).createOrReplaceTempView("one");
        rows(session, "two", 2).createOrReplaceTempView("two");
        Row counts = session.sql("SELECT (SELECT count(*) FROM one), (SELECT count(*) FROM two)")
                .head();
        assertThat(counts.getLong(0)).isEqualTo(1);
        assertThat(counts.getLong(1)).isEqualTo(2);
    }

    private Dataset<Row> rows(SparkSession session, String name, int rows) throws IOException {
        Path path = new Path(folder.resolve(name).toUri());
        session.range(rows).coalesce(1).write().format("avro").save(path.toString());
        List<FileStatus> files = List.of(path.getFileSystem(new Configuration())
                .listStatus(path, file -> file.getName().endsWith(".avro")));
        return AvroFiles.rows(session, SCHEMA, Map.of(path, files));
    }
}
