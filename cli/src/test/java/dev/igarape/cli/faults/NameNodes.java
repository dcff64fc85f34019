package dev.igarape.cli.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.http.JsonClient;
import dev.igarape.model.Json;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;

/**
 * The NameNodes of a stack, one or two.
 *
 * @param state the stack's
 */
record NameNodes(Path state) {
    /**
     * One of them.
     *
     * @param server what the stack calls it
     * @param web address of its web pages and of WebHDFS
     */
    record NameNode(String server, String web) {
        /** Whether it stands by, and knows enough to become the active one. */
        boolean isStandby() {
            return "standby".equals(attribute("NameNodeStatus", "State"))
                    && "Operational".equals(attribute("FSNamesystemState", "FSState"));
        }

        private boolean isActive() {
            return "active".equals(attribute("NameNodeStatus", "State"));
        }

        private String attribute(String bean, String name) {
            try {
                return JsonClient.to("the NameNode", web)
                        .get("/jmx?qry=Hadoop:service=NameNode,name=" + bean)
                        .body()
                        .path("beans")
                        .path(0)
                        .path(name)
                        .asText();
            } catch (LakeException e) {
                return "does not answer";
            }
        }
    }

    List<NameNode> all() throws IOException {
        JsonNode ports = Json.mapper().readTree(state.resolve("ports.json").toFile());
        List<NameNode> all = new ArrayList<>();
        all.add(new NameNode(
                "namenode", "http://127.0.0.1:" + ports.path("hdfs-http").asInt()));
        if (ports.has("hdfs-http-2")) {
            all.add(new NameNode(
                    "namenode-2",
                    "http://127.0.0.1:" + ports.path("hdfs-http-2").asInt()));
        }
        return all;
    }

    /**
     * The active one, of two the one that is elected within a minute.
     *
     * @throws org.awaitility.core.ConditionTimeoutException if none is
     */
    NameNode active() throws IOException {
        List<NameNode> all = all();
        if (all.size() == 1) {
            return all.get(0);
        }
        return Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> all.stream().filter(NameNode::isActive).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    /** Whether one is active, and the other could take over. */
    boolean arePaired() throws IOException {
        List<NameNode> all = all();
        return all.stream().anyMatch(NameNode::isActive) && all.stream().anyMatch(NameNode::isStandby);
    }
}
