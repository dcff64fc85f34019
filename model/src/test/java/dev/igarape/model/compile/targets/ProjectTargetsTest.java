package dev.igarape.model.compile.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.Json;
import dev.igarape.model.compile.TestProject;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Kerberos;
import dev.igarape.model.targets.LandingLimits;
import dev.igarape.model.targets.Target;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProjectTargetsTest {
    private static final Target STACK = new Target(
            "local",
            "",
            "hdfs://127.0.0.1:8020",
            "/lake",
            "thrift://127.0.0.1:9083",
            Map.of("bootstrap.servers", "127.0.0.1:9092"),
            Map.of("schema.registry.url", "http://127.0.0.1:8081"),
            "jdbc:trino://127.0.0.1:8080/lake",
            "lake",
            Map.of("EVENTS_API", "http://127.0.0.1:8090"));

    @TempDir
    private Path folder;

    @Test
    void withoutAFileThereIsJustLocal() {
        ProjectTargets targets = ProjectTargets.read(folder);
        assertThat(targets.names()).containsExactly("local");
        assertThat(targets.resolve("local", () -> STACK, Map.of())).isEqualTo(STACK);
        assertThatThrownBy(() -> targets.resolve("dev", () -> STACK, Map.of()))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessage("There is no target 'dev'. There are: local. Declare others in targets.yaml beside"
                        + " pipelines/, e.g. `dev: {extends: local, prefix: dev_}`.");
    }

    @Test
    void takesFromTheExtendedTargetWhatItDoesNotSay() {
        ProjectTargets targets = targets("""
                dev: {extends: local, prefix: dev_, variables: {MORE: 1}}
                branch: {extends: dev, prefix: branch_, variables: {EVENTS_API: "http://other"}}
                """);
        Target branch = targets.resolve("branch", () -> STACK, Map.of());
        assertThat(branch)
                .isEqualTo(new Target(
                        "branch",
                        "branch_",
                        STACK.hdfs(),
                        "/lake",
                        STACK.metastore(),
                        STACK.kafka(),
                        STACK.registry(),
                        STACK.trino(),
                        "lake",
                        Map.of("EVENTS_API", "http://other", "MORE", "1")));
        assertThat(targets.isLocal("branch")).isTrue();
    }

    @Test
    void boundsOfLandingsAreTakenOneByOne() throws Exception {
        ProjectTargets targets = targets("""
                dev: {extends: local, prefix: dev_}
                small: {extends: local, prefix: s_, landing: {open_files: 4, waiting_size: 2 MB, block_size: 16 KB, stall: 2 minutes}}
                smaller: {extends: small, prefix: t_, landing: {waiting_size: 900 KB, fetch_size: 1 MB, file_size: 3 GB}}
                """);
        assertThat(targets.resolve("dev", () -> STACK, Map.of()).landing()).isEmpty();
        Target smaller = targets.resolve("smaller", () -> STACK, Map.of());
        assertThat(smaller.landing()).contains(new LandingLimits(4, 900 << 10, 16 << 10, 1 << 20, 3L << 30, 120));
        assertThat(Json.mapper().readValue(Json.mapper().writeValueAsString(smaller), Target.class))
                .isEqualTo(smaller);
        assertThat(Json.mapper().writeValueAsString(STACK)).doesNotContain("landing");
        assertThat(Json.mapper().readValue(Json.mapper().writeValueAsString(STACK), Target.class))
                .isEqualTo(STACK);
    }

    @Test
    void settingsOfHadoopAreTakenOneByOne() throws Exception {
        ProjectTargets targets = targets("""
                prod:
                  hdfs: hdfs://lake
                  metastore: thrift://hive:9083
                  trino: jdbc:trino://trino/lake
                  hadoop: {dfs.nameservices: lake, dfs.ha.namenodes.lake: "nn1,${STANDBY}", dfs.client.failover.max.attempts: 15}
                patient: {extends: prod, prefix: p_, hadoop: {dfs.client.failover.max.attempts: 40}}
                """);
        Target patient = targets.resolve("patient", () -> STACK, Map.of("STANDBY", "nn2"));
        assertThat(patient.hadoopSettings())
                .isEqualTo(Map.of(
                        "dfs.nameservices",
                        "lake",
                        "dfs.ha.namenodes.lake",
                        "nn1,nn2",
                        "dfs.client.failover.max.attempts",
                        "40"));
        assertThat(Json.mapper().readValue(Json.mapper().writeValueAsString(patient), Target.class))
                .isEqualTo(patient);
        assertThat(Json.mapper().writeValueAsString(STACK)).doesNotContain("hadoop");
    }

    @Test
    void whoRunsAreIsInheritedWhole() throws Exception {
        ProjectTargets targets = targets("""
                dev: {extends: local, prefix: dev_, kerberos: {principal: "lake@${REALM}", keytab: /etc/lake.keytab}}
                branch: {extends: dev, prefix: branch_}
                other: {extends: dev, prefix: other_, kerberos: {principal: other@B, keytab: /etc/other.keytab}}
                """);
        Map<String, String> environment = Map.of("REALM", "A");
        Target branch = targets.resolve("branch", () -> STACK, environment);
        assertThat(branch.kerberos()).contains(new Kerberos("lake@A", "/etc/lake.keytab"));
        assertThat(targets.resolve("other", () -> STACK, environment).kerberos())
                .contains(new Kerberos("other@B", "/etc/other.keytab"));
        assertThat(Json.mapper().readValue(Json.mapper().writeValueAsString(branch), Target.class))
                .isEqualTo(branch);
        assertThat(Json.mapper().writeValueAsString(STACK)).doesNotContain("kerberos");
    }

    @Test
    void aTargetOfItsOwnNeedsNoStackAndTakesSecretsFromTheEnvironment() {
        ProjectTargets targets = targets("""
                prod:
                  hdfs: hdfs://namenode:8020
                  metastore: thrift://hive:9083
                  kafka: {bootstrap.servers: "kafka:9093", sasl.jaas.config: "x ${PASSWORD}"}
                  trino: jdbc:trino://trino:8443/lake?SSL=true
                """);
        Target prod = targets.resolve(
                "prod",
                () -> {
                    throw new AssertionError("asked for the stack");
                },
                Map.of("PASSWORD", "s$1"));
        assertThat(prod.root()).isEqualTo("/lake");
        assertThat(prod.kafka()).containsEntry("sasl.jaas.config", "x s$1");
        assertThat(targets.isLocal("prod")).isFalse();
        assertThatThrownBy(() -> targets.resolve("prod", () -> STACK, Map.of()))
                .hasMessage("Target prod needs ${PASSWORD}, which the environment does not set. Export it and run"
                        + " again.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "dev: {extends: local} | targets.yaml:1: targets local and dev share their folders",
                "dev: {extends: local, root: /dev} | targets local and dev share their databases",
                "dev: {extends: local, prefix: dev} | 'dev' can't be 'prefix'",
                "dev: {extends: local, prefix: _x_} | '_x_' can't be 'prefix'",
                "dev: {extends: lokal, prefix: dev_} | target dev extends lokal, which is not declared (did you mean"
                        + " local?)",
                "dev: {extends: dev, prefix: dev_} | target dev extends itself",
                "dev: {prefix: dev_} | target dev lacks hdfs, metastore, trino",
                "dev: {extends: local, prefx: dev_} | unknown key 'prefx' in a target (did you mean prefix?)",
                "local: {prefix: dev_} | target local is made by ./lake up",
                "Dev: {extends: local, prefix: dev_} | 'Dev' is not a target's name",
                "dev: {extends: local, prefix: dev_, trino: 'http://trino'} | 'http://trino' can't be 'trino'",
                "a: {extends: local, prefix: x_}\\nb: {extends: local, prefix: x_} | targets.yaml:2: targets a and b"
                        + " share their folders",
                "dev: {extends: local, prefix: dev_, landing: {open_files: 0}} | 'open_files' is not a whole number from 1"
                        + " to 1000",
                "dev: {extends: local, prefix: dev_, landing: {waiting_size: 2 GB}} | targets.yaml:1: '2 GB' can't be"
                        + " 'waiting_size'",
                "dev: {extends: local, prefix: dev_, landing: {file_sise: 1 GB}} | unknown key 'file_sise' in landing"
                        + " (did you mean file_size?)",
                "dev: {extends: local, prefix: dev_, kerberos: {keytab: /k}} | 'principal' is missing",
                "[dev] | holds no mapping"
            })
    void faultsAreNamed(String yaml, String fault) {
        assertThatThrownBy(() -> targets(yaml.strip().replace("\\n", "\n")))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining(fault);
    }

    private ProjectTargets targets(String yaml) {
        new TestProject(folder).with("targets.yaml", yaml);
        return ProjectTargets.read(folder);
    }
}
