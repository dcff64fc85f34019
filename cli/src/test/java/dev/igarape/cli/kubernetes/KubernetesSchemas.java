package dev.igarape.cli.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.e2e.Tools;
import dev.igarape.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Kubernetes' own schemas of what its API takes, of an old and a new version, in which every key has to be known. */
public final class KubernetesSchemas {
    private static final List<String> VERSIONS = List.of("1.25", "1.37");

    private KubernetesSchemas() {}

    /**
     * What is wrong with objects, in the checker's words; empty where nothing is.
     *
     * @param folder where they are written; empty
     */
    public static String faults(List<JsonNode> objects, Path folder) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(Tools.python().toString(), "-m", "kubernetes_validate", "--strict", "--quiet"));
        VERSIONS.forEach(version -> command.addAll(List.of("--kubernetes-version", version)));
        for (int i = 0; i < objects.size(); i++) {
            Path file = folder.resolve(i + ".json");
            Files.write(file, Json.mapper().writeValueAsBytes(objects.get(i)));
            command.add(file.toString());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        return status == 0 || !printed.isEmpty() ? printed : "the checker ended with " + status;
    }
}
