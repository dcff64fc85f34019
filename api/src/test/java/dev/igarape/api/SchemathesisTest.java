package dev.igarape.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.api.testing.Documented;
import dev.igarape.api.testing.Servers;
import dev.igarape.api.testing.SharedServers;
import dev.igarape.api.testing.TestingApi;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Schemathesis makes requests out of {@code openapi.json}, good and bad ones, on the service with its servers. */
@ExtendWith(SharedServers.class)
class SchemathesisTest {
    private static final String EXAMPLES = "25";

    @Test
    void findsNoBugAndNoUndocumentedAnswer(Servers servers, @TempDir Path folder) throws Exception {
        String python = System.getenv().getOrDefault("IGARAPE_PYTHON", "");
        assumeTrue(!python.isEmpty(), "Name a Python with schemathesis in IGARAPE_PYTHON; ./lake test does.");
        ObjectNode document = Documented.document().deepCopy();
        // Most topics do not exist: let it find one that does, too.
        ((ObjectNode) document.at("/components/schemas/TopicName")).remove("pattern");
        ((ObjectNode) document.at("/components/schemas/TopicName"))
                .putArray("enum")
                .add(servers.topic())
                .add("nowhere");
        ((ObjectNode) document.at("/paths/~1v1~1topics~1{topic}~1batch/post/requestBody/content/application~1x-ndjson"))
                .putObject("schema")
                .put("type", "array");
        Path file = Files.writeString(folder.resolve("openapi.json"), document.toString());
        Path tokens = Files.writeString(folder.resolve("tokens.json"), """
            {"tokens":[{"name":"fuzz","rights":{"*":["read","produce","schema"]},
            "sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}]}\
            """);
        try (TestingApi api =
                new TestingApi(servers.environment(Map.of("IGARAPE_API_TOKENS_FILE", tokens.toString())))) {
            run(python, file, api.port(), folder.resolve("said"));
        }
    }

    private static void run(String python, Path document, int port, Path said) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(python).resolveSibling("schemathesis").toString(),
                        "run",
                        document.toString(),
                        "--url",
                        "http://127.0.0.1:" + port,
                        "--header",
                        "Authorization: Bearer abc",
                        "--checks",
                        "not_a_server_error,status_code_conformance,content_type_conformance,"
                                + "response_headers_conformance,response_schema_conformance,unsupported_method,"
                                + "ignored_auth",
                        "--phases",
                        "examples,coverage,fuzzing",
                        "--max-examples",
                        EXAMPLES,
                        "--seed",
                        "7",
                        "--no-color")
                .directory(said.getParent().toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment()
                .put(
                        "SCHEMATHESIS_HOOKS",
                        Path.of(SchemathesisTest.class
                                        .getResource("schemathesis_hooks.py")
                                        .toURI())
                                .toString());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(() -> read(said)).isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }
}
