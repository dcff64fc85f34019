package dev.igarape.cli.stack.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigTemplateTest {
    @TempDir
    private Path folder;

    @Test
    void fillsNames() {
        assertThat(ConfigTemplate.fill("a=${PORT}/${PORT}", Map.of("PORT", "1"), false, "x"))
                .isEqualTo("a=1/1");
    }

    @Test
    void keepsDollarsOfValues() {
        assertThat(ConfigTemplate.fill("${DIR}", Map.of("DIR", "/a$1\\b"), false, "x"))
                .isEqualTo("/a$1\\b");
    }

    @Test
    void escapesValuesInXml() {
        assertThat(ConfigTemplate.fill("<v>${DIR}</v>", Map.of("DIR", "a&b<c"), true, "x"))
                .isEqualTo("<v>a&amp;b&lt;c</v>");
    }

    @Test
    void refusesANameThatNobodySets() {
        assertThatThrownBy(() -> ConfigTemplate.fill("${LOST}", Map.of(), false, "trino/config.properties"))
                .hasMessage("trino/config.properties wants ${LOST}, which nobody sets");
    }

    @Test
    void addsPropertiesBehindThoseThatAreThere() throws IOException {
        Path template = folder.resolve("template.xml");
        Files.writeString(template, "<configuration>\n  <!-- ${X} -->\n</configuration>\n");
        Path site = folder.resolve("conf/hdfs-site.xml");
        ConfigTemplate.fillSite(template, site, Map.of("X", "of x"), Map.of("b", "2", "a", "1<2"));
        assertThat(site).hasContent("""
                <configuration>
                  <!-- of x -->
                  <property>
                    <name>a</name>
                    <value>1&lt;2</value>
                  </property>
                  <property>
                    <name>b</name>
                    <value>2</value>
                  </property>
                </configuration>
                """);
    }

    @Test
    void applicationsOnAClusterKeepOneExecutorOnEachWorker() throws IOException {
        Path home = Path.of(System.getProperty("igarape.home", ".."));
        Path file = folder.resolve("spark-defaults.conf");
        Files.writeString(file, "spark.master local[2]\n");
        ConfigTemplate.append(
                home.resolve("cli/servers/spark-cluster/spark-defaults.conf"),
                file,
                Map.of("SPARK_MASTER", "spark://127.0.0.1:7077", "SPARK_WORKERS", "2"));
        Properties settings = new Properties();
        settings.load(new StringReader(Files.readString(file)));
        assertThat(settings)
                .containsEntry("spark.master", "spark://127.0.0.1:7077")
                .containsEntry("spark.dynamicAllocation.enabled", "false")
                .containsEntry("spark.cores.max", "2")
                .containsEntry("spark.executor.cores", "1");
    }

    @Test
    void fillsWholeFolders() throws IOException {
        Files.createDirectories(folder.resolve("from/catalog"));
        Files.writeString(folder.resolve("from/a.properties"), "a=${A}");
        Files.writeString(folder.resolve("from/catalog/b.properties"), "b=${A}");
        ConfigTemplate.fillAll(folder.resolve("from"), folder.resolve("to"), Map.of("A", "1"));
        assertThat(folder.resolve("to/a.properties")).hasContent("a=1");
        assertThat(folder.resolve("to/catalog/b.properties")).hasContent("b=1");
    }
}
