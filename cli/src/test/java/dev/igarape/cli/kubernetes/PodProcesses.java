package dev.igarape.cli.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.spark.Spark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs pods of Spark as processes of this machine, with what their container is given: arguments, variables, configuration. It
 * does what else a node, its network and the entry point of Spark's image do.
 */
public final class PodProcesses implements AutoCloseable {
    /** Of each pod: they have no network of their own. */
    private static final String ADDRESS = "127.0.0.1";

    private final KubernetesApi api;
    private final Spark spark;
    private final Path folder;
    private final Map<String, Process> processes = new LinkedHashMap<>();

    private PodProcesses(KubernetesApi api, Spark spark, Path folder) {
        this.api = api;
        this.spark = spark;
        this.folder = folder;
    }

    /**
     * Runs the pods that are created from now on.
     *
     * @param folder for a folder of each pod, with its volumes, and its log
     */
    public static PodProcesses of(KubernetesApi api, Spark spark, Path folder) {
        PodProcesses processes = new PodProcesses(api, spark, folder);
        api.join(processes::run);
        return processes;
    }

    /** The names of the pods that were started. */
    public synchronized List<String> started() {
        return List.copyOf(processes.keySet());
    }

    /** What a pod has printed. */
    public String log(String pod) throws IOException {
        return Files.readString(folder.resolve(pod + ".log"));
    }

    private void run(JsonNode pod) {
        String name = pod.path("metadata").path("name").asText();
        try {
            JsonNode container = pod.path("spec").path("containers").path(0);
            Map<String, String> mounts = mount(pod, container, folder.resolve(name));
            Map<String, String> variables = variables(name, container, mounts);
            List<String> arguments = new ArrayList<>();
            container.path("args").forEach(argument -> arguments.add(inside(argument.asText(), mounts)));
            start(
                    name,
                    arguments.get(0).equals("driver") ? driver(arguments, variables) : executor(variables),
                    variables);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            api.become(name, "Failed");
        } catch (IOException | RuntimeException e) {
            api.become(name, "Failed");
            throw new IllegalStateException("cannot run " + name, e);
        }
    }

    private synchronized void start(String name, List<String> command, Map<String, String> variables)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.resolve(name).toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        for (String home : List.of("JAVA_HOME", "SPARK_HOME")) {
            builder.environment().put(home, spark.environment().get(home));
        }
        // In a pod, the name of the machine leads to the pod's address.
        builder.environment().put("SPARK_LOCAL_IP", ADDRESS);
        builder.environment().putAll(variables);
        Process process = builder.start();
        processes.put(name, process);
        api.become(name, "Running");
        process.onExit().thenAccept(ended -> api.become(name, ended.exitValue() == 0 ? "Succeeded" : "Failed"));
    }

    /** Fills the volumes; returns where each is on this machine, by where the container has it. */
    private Map<String, String> mount(JsonNode pod, JsonNode container, Path root)
            throws IOException, InterruptedException {
        Map<String, JsonNode> volumes = new HashMap<>();
        pod.path("spec")
                .path("volumes")
                .forEach(volume -> volumes.put(volume.path("name").asText(), volume));
        Map<String, String> mounts = new LinkedHashMap<>();
        Files.createDirectories(root);
        for (JsonNode mount : container.path("volumeMounts")) {
            String path = mount.path("mountPath").asText();
            Path here = Files.createDirectories(root.resolve(path.substring(1)));
            JsonNode map = volumes.get(mount.path("name").asText()).path("configMap");
            if (map.has("name")) {
                fill(here, api.await("configmaps", map.path("name").asText()).path("data"));
            }
            mounts.put(path, here.toString());
        }
        return mounts;
    }

    private static void fill(Path folder, JsonNode data) {
        data.fields().forEachRemaining(file -> {
            try {
                Files.writeString(folder.resolve(file.getKey()), file.getValue().asText());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** A text of the container with the folders of this machine in it. */
    private static String inside(String text, Map<String, String> mounts) {
        String here = text;
        for (Map.Entry<String, String> mount : mounts.entrySet()) {
            here = here.replace(mount.getKey(), mount.getValue());
        }
        return here;
    }

    private static Map<String, String> variables(String pod, JsonNode container, Map<String, String> mounts) {
        Map<String, String> variables = new HashMap<>();
        for (JsonNode variable : container.path("env")) {
            String field = variable.path("valueFrom")
                    .path("fieldRef")
                    .path("fieldPath")
                    .asText();
            String value = switch (field) {
                case "status.podIP" -> ADDRESS;
                case "metadata.name" -> pod;
                default -> inside(variable.path("value").asText(), mounts);
            };
            variables.put(variable.path("name").asText(), value);
        }
        return variables;
    }

    private List<String> driver(List<String> arguments, Map<String, String> variables) {
        String bind = variables.get("SPARK_DRIVER_BIND_ADDRESS");
        List<String> command = new ArrayList<>(List.of(spark.submit().toString()));
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.driver.bindAddress", bind);
        settings.put("spark.executorEnv.SPARK_DRIVER_POD_IP", bind);
        // No name of a service leads anywhere here, and other programs may have the ports.
        settings.put("spark.driver.host", ADDRESS);
        settings.put("spark.driver.port", "0");
        settings.put("spark.driver.blockManager.port", "0");
        settings.put("spark.kubernetes.driver.master", api.url());
        // Otherwise Spark wants the certificate that a node mounts for the service account, for http, too.
        settings.put("spark.kubernetes.trust.certificates", "true");
        settings.forEach((name, value) -> command.addAll(List.of("--conf", name + "=" + value)));
        command.addAll(List.of("--deploy-mode", "client"));
        command.addAll(arguments.subList(1, arguments.size()));
        return command;
    }

    private List<String> executor(Map<String, String> variables) {
        String prefix = "SPARK_JAVA_OPT_";
        List<String> command = new ArrayList<>(List.of(
                Path.of(spark.environment().get("JAVA_HOME"), "bin/java").toString()));
        variables.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .sorted(Comparator.comparingInt(name -> Integer.parseInt(name.substring(prefix.length()))))
                .map(variables::get)
                .forEach(command::add);
        String memory = variables.get("SPARK_EXECUTOR_MEMORY");
        command.addAll(List.of("-Xms" + memory, "-Xmx" + memory, "-cp", spark.home() + "/jars/*"));
        command.add("org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend");
        Map<String, String> options = new LinkedHashMap<>();
        options.put("--driver-url", "SPARK_DRIVER_URL");
        options.put("--executor-id", "SPARK_EXECUTOR_ID");
        options.put("--cores", "SPARK_EXECUTOR_CORES");
        options.put("--app-id", "SPARK_APPLICATION_ID");
        options.put("--hostname", "SPARK_EXECUTOR_POD_IP");
        options.put("--resourceProfileId", "SPARK_RESOURCE_PROFILE_ID");
        options.put("--podName", "SPARK_EXECUTOR_POD_NAME");
        options.forEach((option, variable) -> command.addAll(List.of(option, variables.get(variable))));
        return command;
    }

    @Override
    public synchronized void close() throws InterruptedException {
        for (Process process : processes.values()) {
            List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                    .toList();
            all.forEach(ProcessHandle::destroyForcibly);
            process.waitFor();
        }
    }
}
