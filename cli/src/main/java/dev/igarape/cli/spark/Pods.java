package dev.igarape.cli.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Kubernetes has to know of the pods of a submission; nothing for other clusters.
 *
 * @param image with Spark
 * @param namespace of driver and executors
 * @param serviceAccount of the driver, which lets it start and remove pods
 */
public record Pods(Optional<String> image, Optional<String> namespace, Optional<String> serviceAccount) {
    /** Of clusters that have none. */
    public static final Pods NONE = new Pods(Optional.empty(), Optional.empty(), Optional.empty());

    /** The options of {@code ./lake submit} that are given. */
    List<String> options() {
        List<String> options = new ArrayList<>();
        image.ifPresent(value -> options.add("--image"));
        namespace.ifPresent(value -> options.add("--namespace"));
        serviceAccount.ifPresent(value -> options.add("--service-account"));
        return options;
    }

    /** The settings of Spark that say so. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        image.ifPresent(value -> settings.put("spark.kubernetes.container.image", value));
        namespace.ifPresent(value -> settings.put("spark.kubernetes.namespace", value));
        serviceAccount.ifPresent(
                value -> settings.put("spark.kubernetes.authenticate.driver.serviceAccountName", value));
        return settings;
    }
}
