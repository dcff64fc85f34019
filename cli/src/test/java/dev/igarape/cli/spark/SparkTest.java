package dev.igarape.cli.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.cli.base.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SparkTest {
    @TempDir
    private Path folder;

    private Spark spark;

    @BeforeEach
    void open() {
        Workspace workspace = new Workspace(folder, folder.resolve("state"), folder.resolve("cache"));
        spark = new Spark(folder.resolve("spark"), folder.resolve("jobs.jar"), workspace);
    }

    @Test
    void withoutASessionHadoopGetsTheSettingsThatSubmitHandsOn() throws IOException {
        Path conf = Files.createDirectories(folder.resolve("state/conf/spark"));
        Files.writeString(conf.resolve("spark-defaults.conf"), """
                # Spark's own are none of its business.
                spark.master            local[2]
                spark.hadoop.fs.defaultFS   hdfs://127.0.0.1:8020
                spark.hadoop.a.b=c d
                """);
        assertThat(spark.plain())
                .contains("-Dspark.hadoop.fs.defaultFS=hdfs://127.0.0.1:8020", "-Dspark.hadoop.a.b=c d")
                .noneMatch(word -> word.contains("spark.master"))
                .endsWith("dev.igarape.jobs.Main");
    }

    @Test
    void withoutASessionClassesComeInTheOrderOfTheClassDataArchive() {
        List<String> command = spark.plain();
        assertThat(command.get(command.indexOf("-cp") + 1).split(":"))
                .containsExactly(
                        folder.resolve("jobs.jar").toString(),
                        folder.resolve("spark/jars/*").toString(),
                        folder.resolve("state/conf/spark").toString(),
                        folder.resolve("state/conf/hadoop").toString());
    }
}
