package dev.igarape.cli.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Kerberos;
import dev.igarape.model.targets.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SubmissionTest {
    private static final String HDFS = "hdfs://namenode:8020";
    private static final String JAR = HDFS + "/igarape/jobs.jar";
    private static final List<String> RUN = List.of("run", "--tables", "gold.x", "--date", "2024-01-31");

    private static final Pods PODS =
            new Pods(Optional.of("registry.example.com/spark:3.5.7"), Optional.of("data"), Optional.of("igarape-jobs"));

    private static final Target TARGET = target(HDFS, Map.of(), Optional.empty());

    private static Target target(String hdfs, Map<String, String> hadoop, Optional<Kerberos> kerberos) {
        return new Target(
                "prod",
                "",
                hdfs,
                "/lake",
                "thrift://hive:9083",
                Map.of(),
                Map.of(),
                "jdbc:trino://trino/lake",
                "lake",
                Map.of(),
                Optional.empty(),
                Optional.of(hadoop),
                kerberos);
    }

    private static String line(String master, Pods pods) {
        return line(master, TARGET, pods);
    }

    private static String line(String master, Target target, Pods pods) {
        return Submission.shell(new Submission(master, target, JAR, 4, "2g", pods).command(RUN));
    }

    @Test
    void toAStandaloneMaster() {
        assertThat(line("spark://master:7077", Pods.NONE)).isEqualTo("""
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
        assertThat(line("yarn", Pods.NONE)).startsWith("""
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
        assertThat(line("k8s://https://api:6443", PODS)).startsWith("""
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
                  --conf spark.kubernetes.namespace=data \\
                  --conf spark.kubernetes.authenticate.driver.serviceAccountName=igarape-jobs \\
                """);
    }

    @Test
    void aNameserviceIsKnownBeforeTheTargetIsRead() {
        Map<String, String> hadoop = Map.of(
                "dfs.nameservices",
                "lake",
                "dfs.ha.namenodes.lake",
                "nn1,nn2",
                "fs.s3a.secret.key",
                "of the target alone");
        String jar = "hdfs://lake/igarape/jobs.jar";
        Submission submission =
                new Submission("yarn", target("hdfs://lake", hadoop, Optional.empty()), jar, 4, "2g", Pods.NONE);
        assertThat(submission.onHdfs("-put", "-f", "my jobs.jar", jar))
                .isEqualTo("hdfs dfs -D dfs.ha.namenodes.lake=nn1,nn2 -D dfs.nameservices=lake -put -f 'my jobs.jar' "
                        + jar);
        assertThat(Submission.shell(submission.command(RUN))).contains("""
                  --conf spark.hadoop.fs.defaultFS=hdfs://lake \\
                  --conf spark.hadoop.dfs.ha.namenodes.lake=nn1,nn2 \\
                  --conf spark.hadoop.dfs.nameservices=lake \\
                  hdfs://lake/igarape/jobs.jar \\
                """);
    }

    @Test
    void sparkLogsInByTheTargetsKeytab() {
        Target secure =
                target(HDFS, Map.of(), Optional.of(new Kerberos("lake@EXAMPLE.COM", "/etc/security/lake.keytab")));
        String login = """
                  --conf spark.hadoop.fs.defaultFS=hdfs://namenode:8020 \\
                  --conf spark.kerberos.principal=lake@EXAMPLE.COM \\
                  --conf spark.kerberos.keytab=/etc/security/lake.keytab \\
                """;
        assertThat(line("yarn", secure, Pods.NONE)).contains(login);
        assertThat(line("k8s://https://api:6443", secure, PODS)).contains(login);
        assertThatThrownBy(() -> line("spark://master:7077", secure, Pods.NONE))
                .hasMessage(
                        "Target prod has a keytab, and a standalone master gives none of it to its executors. Submit to"
                                + " yarn or k8s://https://HOST:PORT.");
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
        assertThatThrownBy(() -> line("local[2]", Pods.NONE))
                .isInstanceOf(LakeException.class)
                .hasMessage(
                        "--master 'local[2]' is no cluster. Write spark://HOST:PORT, yarn, or k8s://https://HOST:PORT.");
        assertThatThrownBy(() -> line("k8s://https://api:6443", Pods.NONE)).hasMessageContaining("--image IMAGE");
        assertThatThrownBy(() -> line("yarn", PODS))
                .hasMessage("Kubernetes alone has pods, and the master is yarn. Leave out: --image, --namespace,"
                        + " --service-account");
        assertThatThrownBy(() -> new Submission("yarn", TARGET, JAR, 0, "2g", Pods.NONE))
                .hasMessage("--executors 0: there must be 1 or more.");
    }
}
