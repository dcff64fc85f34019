package dev.igarape.cli.spark;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.targets.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How the jobs' jar is submitted to a cluster, by the {@code spark-submit} of a machine that has neither this checkout nor the
 * local stack's configuration.
 *
 * @param master {@code spark://HOST:PORT}, {@code yarn} or {@code k8s://URL}
 * @param target of the run. Of its settings of Hadoop those of HDFS itself ({@code dfs.*}) are printed, since a nameservice is not
 *     known without them before the target's file is read; the file brings the others, which may be secrets
 * @param jar URI that driver and executors can read
 * @param executors how many; each runs one task at a time
 * @param memory of each executor's heap, e.g. {@code 2g}
 * @param pods for Kubernetes
 */
public record Submission(String master, Target target, String jar, int executors, String memory, Pods pods) {

    /** @throws LakeException (USAGE) if the master is none of the three kinds, or lacks or has too much of what its kind needs */
    public Submission {
        boolean kubernetes = master.startsWith("k8s://");
        if (!kubernetes && !master.equals("yarn") && !master.startsWith("spark://")) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "--master '%s' is no cluster. Write spark://HOST:PORT, yarn, or k8s://https://HOST:PORT."
                            .formatted(master));
        }
        if (kubernetes && pods.image().isEmpty()) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Kubernetes runs driver and executors in containers. Name their image: --image IMAGE");
        }
        if (!kubernetes && !pods.equals(Pods.NONE)) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Kubernetes alone has pods, and the master is %s. Leave out: %s"
                            .formatted(master, String.join(", ", pods.options())));
        }
        if (target.kerberos().isPresent() && master.startsWith("spark://")) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Target %s has a keytab, and a standalone master gives none of it to its executors. Submit to yarn or"
                                    .formatted(target.name())
                            + " k8s://https://HOST:PORT.");
        }
        if (executors < 1) {
            throw new LakeException(ExitCode.USAGE, "--executors %d: there must be 1 or more.".formatted(executors));
        }
    }

    /**
     * The command, a word each.
     *
     * @param arguments of the jar, from its command on
     */
    public List<String> command(List<String> arguments) {
        List<String> words = new ArrayList<>(List.of("spark-submit", "--master", master));
        // Standalone masters do not tell in cluster mode how the driver ended.
        words.addAll(List.of("--deploy-mode", master.startsWith("spark://") ? "client" : "cluster"));
        words.addAll(List.of("--name", "igarape", "--class", JobCommand.MAIN_CLASS));
        words.addAll(List.of("--executor-memory", memory));
        settings().forEach((name, value) -> words.addAll(List.of("--conf", name + "=" + value)));
        words.add(jar);
        words.addAll(arguments);
        return List.copyOf(words);
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.executor.cores", "1");
        settings.put("spark.dynamicAllocation.enabled", "false");
        if (master.startsWith("spark://")) {
            settings.put("spark.cores.max", Integer.toString(executors));
        } else {
            settings.put("spark.executor.instances", Integer.toString(executors));
        }
        if (master.equals("yarn")) {
            // Whoever started the run tries it again, and knows by the exit code whether that makes sense.
            settings.put("spark.yarn.maxAppAttempts", "1");
        }
        settings.putAll(pods.settings());
        settings.put("spark.driver.extraJavaOptions", "-Duser.timezone=UTC");
        settings.put("spark.executor.extraJavaOptions", "-Duser.timezone=UTC");
        settings.put("spark.hadoop.fs.defaultFS", target.hdfs());
        target.kerberos().ifPresent(login -> {
            settings.put("spark.kerberos.principal", login.principal());
            settings.put("spark.kerberos.keytab", login.keytab());
        });
        nameService().forEach((name, value) -> settings.put("spark.hadoop." + name, value));
        return settings;
    }

    private Map<String, String> nameService() {
        Map<String, String> settings = new TreeMap<>(target.hadoopSettings());
        settings.keySet().removeIf(name -> !name.startsWith("dfs."));
        return settings;
    }

    /** The line of a POSIX shell that does something on HDFS before the submission, such as {@code -mkdir -p FOLDER}. */
    public String onHdfs(String... arguments) {
        List<String> words = new ArrayList<>(List.of("hdfs", "dfs"));
        nameService().forEach((name, value) -> words.addAll(List.of("-D", name + "=" + value)));
        words.addAll(List.of(arguments));
        return words.stream().map(Submission::quote).collect(Collectors.joining(" "));
    }

    /** A command for a POSIX shell, an option to each line. */
    public static String shell(List<String> command) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < command.size(); i++) {
            String word = quote(command.get(i));
            boolean isValue = i > 0
                    && command.get(i - 1).startsWith("--")
                    && !command.get(i).startsWith("--");
            if (isValue) {
                lines.set(lines.size() - 1, lines.get(lines.size() - 1) + " " + word);
            } else {
                lines.add(word);
            }
        }
        return lines.stream().collect(Collectors.joining(" \\\n  "));
    }

    private static String quote(String word) {
        return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
