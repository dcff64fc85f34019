package dev.igarape.model.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import dev.igarape.model.compile.targets.ProjectTargets;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class TargetsSchemaTest {
    private static final String PROD = "hdfs: 'hdfs://nn:8020', metastore: 'thrift://hive:9083'";

    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(resource());

    @TempDir
    private Path folder;

    @Test
    void isItselfValid() throws IOException {
        JsonSchema meta = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        try (InputStream text = resource()) {
            assertThat(meta.validate(new ObjectMapper().readTree(text))).isEmpty();
        }
    }

    @Test
    void takesWhatIsShipped() throws IOException {
        assertThat(diagnostics(Files.readString(ShippedPipelinesTest.PROJECT.resolve("targets.yaml"))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "dev: {extends: local, prefix: dev_}",
                "a-b_1: {extends: local, prefix: a1_, root: /x/y.z-1, trino_user: me}",
                "prod: {" + PROD + ", trino: 'jdbc:trino://trino:8443/lake?SSL=true'}",
                "prod: {" + PROD + ", trino: 'jdbc:trino://${HOST}/lake'}",
                "prod: {hdfs: '${FS}', metastore: '${HIVE}', trino: '${TRINO}'}",
                "dev: {extends: local, prefix: d_, kafka: {bootstrap.servers: 'k:1', retries: 3, x: true}}",
                "dev: {extends: local, prefix: d_, registry: {}, variables: {EVENTS_API: 'http://a', N: 1.5}}",
                "dev: {extends: local, prefix: d_, landing: {}}",
                "dev: {extends: local, prefix: d_, landing: {open_files: 8, waiting_size: 999 MB, block_size: 64 KB,"
                        + " fetch_size: 1 MB, file_size: 2 GB, stall: 1 minute}}",
                "dev: {extends: local, prefix: d_, landing: {stall: 30 seconds}}",
                "prod: {hdfs: 'hdfs://lake', metastore: 'thrift://hive:9083', trino: 'jdbc:trino://trino/lake', hadoop:"
                        + " {dfs.nameservices: lake, dfs.client.failover.max.attempts: 30}}",
                "dev: {extends: local, prefix: d_, kerberos: {principal: lake@EXAMPLE.COM, keytab: '${KEYTAB}'}}"
            })
    void agreesOnGoodTargets(String yaml) {
        assertAgreement(yaml, true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[dev]",
                "local: {prefix: x_}",
                "Dev: {extends: local, prefix: dev_}",
                "1dev: {extends: local, prefix: dev_}",
                "dev:",
                "dev: text",
                "dev: {prefix: dev_}",
                "dev: {prefix: dev_, hdfs: 'hdfs://nn:8020'}",
                "dev: {extends: local, prefx: dev_}",
                "dev: {extends: '', prefix: dev_}",
                "dev: {extends: 5, prefix: dev_}",
                "dev: {extends: local, prefix: dev}",
                "dev: {extends: local, prefix: _x_}",
                "dev: {extends: local, prefix: x_, hdfs: /lake}",
                "dev: {extends: local, prefix: x_, hdfs: 'hdfs://'}",
                "dev: {extends: local, prefix: x_, hdfs: 'hdfs://nn:8020/lake'}",
                "dev: {extends: local, prefix: x_, root: lake}",
                "dev: {extends: local, prefix: x_, root: /lake/}",
                "dev: {extends: local, prefix: x_, root: /_lake}",
                "dev: {extends: local, prefix: x_, metastore: 'thrift://hive'}",
                "dev: {extends: local, prefix: x_, trino: 'http://trino'}",
                "dev: {extends: local, prefix: x_, trino: 'jdbc:trino://trino:8080'}",
                "dev: {extends: local, prefix: x_, trino: 'jdbc:trino://trino/${'}",
                "dev: {extends: local, prefix: x_, trino_user: 7}",
                "dev: {extends: local, prefix: x_, kafka: 'k:9092'}",
                "dev: {extends: local, prefix: x_, kafka: {bootstrap.servers: [a]}}",
                "dev: {extends: local, prefix: x_, kafka: {bootstrap.servers: }}",
                "dev: {extends: local, prefix: x_, variables: {A: ' '}}",
                "dev: {extends: local, prefix: x_, landing: small}",
                "dev: {extends: local, prefix: x_, landing: {open_files: 0}}",
                "dev: {extends: local, prefix: x_, landing: {open_files: 1001}}",
                "dev: {extends: local, prefix: x_, landing: {open_files: 8 files}}",
                "dev: {extends: local, prefix: x_, landing: {waiting_size: 64}}",
                "dev: {extends: local, prefix: x_, landing: {waiting_size: 1 GB}}",
                "dev: {extends: local, prefix: x_, landing: {block_size: 64MB}}",
                "dev: {extends: local, prefix: x_, landing: {fetch_size: 1024 KB}}",
                "dev: {extends: local, prefix: x_, landing: {file_size: 1 TB}}",
                "dev: {extends: local, prefix: x_, landing: {stall: 1 hour}}",
                "dev: {extends: local, prefix: x_, landing: {open_file: 8}}",
                "dev: {extends: local, prefix: x_, hadoop: hdfs-site.xml}",
                "dev: {extends: local, prefix: x_, hadoop: {dfs.nameservices: [lake]}}",
                "dev: {extends: local, prefix: x_, kerberos: lake@EXAMPLE.COM}",
                "dev: {extends: local, prefix: x_, kerberos: {}}",
                "dev: {extends: local, prefix: x_, kerberos: {principal: lake@EXAMPLE.COM}}",
                "dev: {extends: local, prefix: x_, kerberos: {principal: lake, keytab: 7}}",
                "dev: {extends: local, prefix: x_, kerberos: {principal: lake, keytab: /k, password: x}}"
            })
    void agreesOnBadTargets(String yaml) {
        assertAgreement(yaml, false);
    }

    private void assertAgreement(String yaml, boolean good) {
        new TestProject(folder).with("targets.yaml", yaml);
        String parser = "";
        try {
            ProjectTargets.read(folder);
        } catch (LakeException e) {
            parser = e.getMessage();
        }
        assertThat(parser.isEmpty()).as("parser: %s", parser).isEqualTo(good);
        List<String> schema = diagnostics(yaml);
        assertThat(schema.isEmpty()).as("schema: %s", schema).isEqualTo(good);
    }

    private static List<String> diagnostics(String yaml) {
        Object value = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        JsonNode tree = new ObjectMapper().valueToTree(value);
        return SCHEMA.validate(tree).stream().map(Object::toString).toList();
    }

    private static InputStream resource() {
        return TargetsSchemaTest.class.getResourceAsStream("/dev/igarape/model/targets.schema.json");
    }
}
