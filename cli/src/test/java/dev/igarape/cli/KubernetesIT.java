package dev.igarape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.install.Installer;
import dev.igarape.cli.kubernetes.KubernetesApi;
import dev.igarape.cli.kubernetes.KubernetesSchemas;
import dev.igarape.cli.spark.Spark;
import dev.igarape.model.Json;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Spark makes of a submission to Kubernetes: the printed command is run, and what it sends is looked at. Nothing runs in the
 * pods; {@code SubmitIT} does that. Needs the packaged jobs, but no servers.
 */
@OwnStack
final class KubernetesIT {
    private static final String HDFS = "hdfs://namenode:8020";
    private static final String IMAGE = "apache/spark:3.5.7-scala2.12-java17-ubuntu";

    @TempDir
    private Path folder;

    private CommandLineHarness lake;

    @BeforeEach
    void aLakeOnAnotherMachine() throws IOException {
        lake = new CommandLineHarness(folder.resolve("state"));
        Target target = new Target(
                "local",
                "",
                HDFS,
                "/lake",
                "thrift://metastore:9083",
                Map.of("bootstrap.servers", "kafka:9092"),
                Map.of("schema.registry.url", "http://registry:8081"),
                "jdbc:trino://trino:8080/lake",
                "lake",
                Map.of());
        Files.createDirectories(lake.workspace().state());
        Json.mapper().writeValue(lake.workspace().target().toFile(), target);
    }

    @Test
    void theDriverIsAPodThatKubernetesTakes() throws Exception {
        try (KubernetesApi kubernetes = KubernetesApi.start()) {
            String printed = lake.succeed(
                            "submit",
                            "trusted.insights",
                            "--date",
                            "2024-01-01",
                            "--master",
                            "k8s://" + kubernetes.url(),
                            "--image",
                            IMAGE,
                            "--namespace",
                            "data",
                            "--service-account",
                            "igarape-jobs",
                            "--executors",
                            "3",
                            "--memory",
                            "2g")
                    .out();
            submit(printed.substring(printed.indexOf("spark-submit")));

            assertThat(KubernetesSchemas.faults(kubernetes.created(), Files.createDirectory(folder.resolve("sent"))))
                    .isEmpty();
            assertThat(kubernetes.created("Service")).hasSize(1);
            JsonNode driver = only(kubernetes.created("Pod"));
            assertThat(driver.at("/metadata/labels/spark-role").asText()).isEqualTo("driver");
            assertThat(driver.at("/spec/serviceAccountName").asText()).isEqualTo("igarape-jobs");
            JsonNode container = driver.at("/spec/containers/0");
            assertThat(container.path("image").asText()).isEqualTo(IMAGE);
            assertThat(texts(container.path("args")))
                    .startsWith("driver", "--properties-file")
                    .containsSubsequence(
                            "--class",
                            "dev.igarape.jobs.Main",
                            HDFS + "/igarape/jobs.jar",
                            "run",
                            "--target",
                            HDFS + "/igarape/target.json",
                            "--tables",
                            "trusted.insights",
                            "--date",
                            "2024-01-01");
            Properties settings = new Properties();
            settings.load(new StringReader(only(kubernetes.created("ConfigMap"))
                    .at("/data/spark.properties")
                    .asText()));
            assertThat(settings)
                    .containsEntry("spark.kubernetes.container.image", IMAGE)
                    .containsEntry("spark.kubernetes.namespace", "data")
                    .containsEntry("spark.executor.instances", "3")
                    .containsEntry("spark.executor.memory", "2g")
                    .containsEntry("spark.hadoop.fs.defaultFS", HDFS);
        }
    }

    /** Runs the command as somebody would who pastes it into a shell, and does not want to wait for the job. */
    private void submit(String command) throws IOException, InterruptedException {
        Spark spark = Spark.install(lake.workspace(), new Installer(lake.workspace(), System.getenv(), line -> {}));
        Path conf = Files.createDirectory(folder.resolve("conf"));
        Files.writeString(conf.resolve("spark-defaults.conf"), "spark.kubernetes.submission.waitAppCompletion false\n");
        Path output = folder.resolve("submit.log");
        ProcessBuilder builder = new ProcessBuilder("bash", "-e", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(spark.environment());
        builder.environment().remove("HADOOP_CONF_DIR");
        builder.environment().put("SPARK_CONF_DIR", conf.toString());
        builder.environment().put("PATH", spark.home().resolve("bin") + ":" + System.getenv("PATH"));
        Process process = builder.start();
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).as(Files.readString(output)).isZero();
    }

    private static JsonNode only(List<JsonNode> objects) {
        assertThat(objects).hasSize(1);
        return objects.get(0);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
