package dev.igarape.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConnectorFilesTest {
    @TempDir
    private Path project;

    @Test
    void readsFilesByName() throws Exception {
        write("b", good("b", "b_slot"));
        write("a", good("a", "a_slot"));
        Files.writeString(project.resolve("connect/notes.txt"), "none of them");
        List<ConnectorFile> files = ConnectorFiles.read(project);
        assertThat(files).extracting(ConnectorFile::name).containsExactly("a", "b");
        assertThat(files.get(0).path()).isEqualTo("connect/a.json");
        assertThat(files.get(0).config()).containsEntry("tasks.max", "1").containsEntry("slot.name", "a_slot");
        assertThat(ConnectorFiles.select(files, List.of("b")))
                .extracting(ConnectorFile::name)
                .containsExactly("b");
        assertThatThrownBy(() -> ConnectorFiles.select(files, List.of("c")))
                .hasMessage("There is no file connect/c.json (did you mean a?). There are: a, b.");
    }

    @Test
    void aProjectWithoutAFolderHasNone() {
        assertThat(ConnectorFiles.read(project)).isEmpty();
    }

    @Test
    void tellsAllFaultsAtOnce() throws Exception {
        write("broken", "{\"name\": ");
        write("empty", "{\"name\": \"empty\"}");
        write("first", good("first", "shared"));
        write("nested", good("nested", "n").replace("\"1\"", "{\"a\": 1}"));
        write("open", good("open", "o").replace("${env:SHOP_PASSWORD}", "secret-4711"));
        write("other", good("another", "x"));
        write("second", good("second", "shared"));
        write("topicless", good("topicless", "t").replace("topic.creation", "topic.creations"));
        assertThatThrownBy(() -> ConnectorFiles.read(project))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .message()
                .doesNotContain("secret-4711")
                .satisfies(text -> assertThat(text.lines())
                        .satisfiesExactly(
                                line -> assertThat(line).startsWith("connect/broken.json is no JSON: "),
                                line -> assertThat(line).startsWith("connect/empty.json has no config. Write {"),
                                line -> assertThat(line)
                                        .isEqualTo("connect/nested.json: the value of 'tasks.max' is neither text nor a"
                                                + " number. Write it in quotes."),
                                line -> assertThat(line)
                                        .isEqualTo("connect/open.json: database.password holds a password. Write"
                                                + " \"${env:NAME}\" and export NAME."),
                                line -> assertThat(line)
                                        .isEqualTo("connect/other.json: the name is 'another'. Call the file"
                                                + " connect/another.json, or write the file's name into it."),
                                line -> assertThat(line)
                                        .startsWith("connect/topicless.json does not say how its topics are made")
                                        .endsWith("Add: \"topic.creation.default.partitions\": \"1\","
                                                + " \"topic.creation.default.replication.factor\": \"-1\"."),
                                line -> assertThat(line)
                                        .isEqualTo("connect/first.json and connect/second.json read the same"
                                                + " replication slot. Give each a slot.name of its own.")));
    }

    private void write(String name, String text) throws IOException {
        Path file = project.resolve("connect").resolve(name + ".json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String good(String name, String slot) {
        return """
                {"name": "%s", "config": {
                  "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
                  "tasks.max": "1",
                  "database.hostname": "db", "database.dbname": "shop",
                  "database.user": "lake", "database.password": "${env:SHOP_PASSWORD}",
                  "topic.prefix": "shop", "slot.name": "%s",
                  "topic.creation.default.partitions": 3, "topic.creation.default.replication.factor": -1}}
                """.formatted(name, slot);
    }
}
