package dev.igarape.cli.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.LakeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SubmissionTest {
    private static final String HDFS = "hdfs://namenode:8020";
    private static final String JAR = HDFS + "/igarape/jobs.jar";
    private static final List<String> RUN = List.of("run", "--tables", "gold.x", "--date", "2024-01-31");

    private static String line(String master, Optional<String> image) {
        return Submission.shell(new Submission(master, HDFS, JAR, 4, "2g", image, Map.of()).command(RUN));
    }

    @Test
    void toAStandaloneMaster() {
        assertThat(line("spark://master:7077", Optional.empty())).isEqualTo("""
                spark-submit \\
                  --master spark://master:7077 \\
                  --deploy-mode client \\
                  --name igarape \\
                  --class dev.igarape.jobs.Main \\
                  --executor-memory 2g \\
                  --conf spark.executor.cores=1 \\
                  --conf spark.dynamicAllocation.enabled=false \\
                  --conf spark.cores.max=4 \\
                  --conf spark.driver.extraJavaOptions=-Duser.timezone=UTC \\
                  --conf spark.executor.extraJavaOptions=-Duser.timezone=UTC \\
                  --conf spark.hadoop.fs.defaultFS=hdfs://namenode:8020 \\
                  hdfs://namenode:8020/igarape/jobs.jar \\
                  run \\
                  --tables gold.x \\
                  --date 2024-01-31""");
    }

    @Test
    void toYarn() {
        assertThat(line("yarn", Optional.empty())).startsWith("""
                spark-submit \\
                  --master yarn \\
                  --deploy-mode cluster \\
                  --name igarape \\
                  --class dev.igarape.jobs.Main \\
                  --executor-memory 2g \\
                  --conf spark.executor.cores=1 \\
                  --conf spark.dynamicAllocation.enabled=false \\
                  --conf spark.executor.instances=4 \\
                  --conf spark.yarn.maxAppAttempts=1 \\
                """);
    }

    @Test
    void toKubernetes() {
        assertThat(line("k8s://https://api:6443", Optional.of("registry.example.com/spark:3.5.7")))
                .startsWith("""
                spark-submit \\
                  --master k8s://https://api:6443 \\
                  --deploy-mode cluster \\
                  --name igarape \\
                  --class dev.igarape.jobs.Main \\
                  --executor-memory 2g \\
                  --conf spark.executor.cores=1 \\
                  --conf spark.dynamicAllocation.enabled=false \\
                  --conf spark.executor.instances=4 \\
                  --conf spark.kubernetes.container.image=registry.example.com/spark:3.5.7 \\
                """);
    }

    @Test
    void aNameserviceIsKnownBeforeTheTargetIsRead() {
        Map<String, String> hadoop = Map.of("dfs.nameservices", "lake", "dfs.ha.namenodes.lake", "nn1,nn2");
        String jar = "hdfs://lake/igarape/jobs.jar";
        assertThat(Submission.shell(new Submission("yarn", "hdfs://lake", jar, 4, "2g", Optional.empty(), hadoop)
                        .command(RUN)))
                .contains("""
                  --conf spark.hadoop.fs.defaultFS=hdfs://lake \\
                  --conf spark.hadoop.dfs.ha.namenodes.lake=nn1,nn2 \\
                  --conf spark.hadoop.dfs.nameservices=lake \\
                  hdfs://lake/igarape/jobs.jar \\
                """);
    }

    @Test
    void whatAShellWouldReadOtherwiseIsQuoted() {
        assertThat(Submission.shell(List.of("run", "--tables", "a b", "--date", "it's")))
                .isEqualTo("""
                run \\
                  --tables 'a b' \\
                  --date 'it'\\''s'""");
    }

    @Test
    void refusesWhatItCannotSubmitTo() {
        assertThatThrownBy(() -> line("local[2]", Optional.empty()))
                .isInstanceOf(LakeException.class)
                .hasMessage(
                        "--master 'local[2]' is no cluster. Write spark://HOST:PORT, yarn, or k8s://https://HOST:PORT.");
        assertThatThrownBy(() -> line("k8s://https://api:6443", Optional.empty()))
                .hasMessageContaining("--image IMAGE");
        assertThatThrownBy(() -> line("yarn", Optional.of("x")))
                .hasMessage("--image is for Kubernetes, and the master is yarn. Leave it out.");
        assertThatThrownBy(() -> new Submission("yarn", HDFS, JAR, 0, "2g", Optional.empty(), Map.of()))
                .hasMessage("--executors 0: there must be 1 or more.");
    }
}
