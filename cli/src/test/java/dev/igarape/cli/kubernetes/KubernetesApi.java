package dev.igarape.cli.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.igarape.model.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kubernetes' API as far as Spark's client uses it: keeps in memory what is created, and tells those who watch pods what becomes
 * of them. It has no nodes, but for one who asks for new pods, and knows no rights.
 */
public final class KubernetesApi implements AutoCloseable {
    private static final Pattern PATH =
            Pattern.compile("/api/v1/namespaces/(?<namespace>[^/]+)/(?<kind>[a-z]+)(?:/(?<name>[^/]+))?");
    private static final String PODS = "pods";
    private static final Map<String, String> KINDS = Map.of(
            PODS,
            "Pod",
            "services",
            "Service",
            "configmaps",
            "ConfigMap",
            "persistentvolumeclaims",
            "PersistentVolumeClaim");
    /** How long a pod's volume may be created after the pod. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final HttpServer server;
    private final ExecutorService threads;
    /** As they came, in order. */
    private final List<JsonNode> created = new ArrayList<>();
    /** As they are, by kind and name. */
    private final Map<String, ObjectNode> objects = new LinkedHashMap<>();
    /** What has become of pods, in order. */
    private final List<ObjectNode> events = new ArrayList<>();

    private Consumer<JsonNode> node = pod -> {};
    private boolean closed;

    private KubernetesApi(HttpServer server) {
        this.server = server;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "kubernetes");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** One that listens on this machine. */
    public static KubernetesApi start() throws IOException {
        KubernetesApi api =
                new KubernetesApi(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        api.server.createContext("/", api::answer);
        api.server.setExecutor(api.threads);
        api.server.start();
        return api;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What was created or put in another's place, as it came, in order. */
    public synchronized List<JsonNode> created() {
        return List.copyOf(created);
    }

    /** What of that is of a kind, such as {@code Pod}. */
    public List<JsonNode> created(String kind) {
        return created().stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }

    /** @param newPods told of each, in a thread of its own */
    synchronized void join(Consumer<JsonNode> newPods) {
        this.node = newPods;
    }

    /** The object of a kind, such as {@code configmaps}, and name; waits for it, as a pod does for its volumes. */
    synchronized JsonNode await(String kind, String name) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!objects.containsKey(kind + "/" + name)) {
            long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (left <= 0) {
                throw new IllegalStateException("nobody has created %s/%s".formatted(kind, name));
            }
            wait(left);
        }
        return objects.get(kind + "/" + name).deepCopy();
    }

    /** Says what has become of a pod, if it is still there. */
    synchronized void become(String pod, String phase) {
        ObjectNode object = objects.get(PODS + "/" + pod);
        if (object != null) {
            ObjectNode status = object.putObject("status");
            status.put("phase", phase);
            status.put("podIP", "127.0.0.1");
            status.putArray("conditions")
                    .addObject()
                    .put("type", "Ready")
                    .put("status", phase.equals("Running") ? "True" : "False");
            tell("MODIFIED", object);
        }
    }

    private void tell(String type, ObjectNode pod) {
        pod.withObject("/metadata").put("resourceVersion", Integer.toString(events.size() + 1));
        ObjectNode event = Json.mapper().createObjectNode().put("type", type);
        event.set("object", pod.deepCopy());
        events.add(event);
        notifyAll();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
            if (!path.matches() || !KINDS.containsKey(path.group("kind"))) {
                send(exchange, 404, outcome("Failure", 404));
                return;
            }
            String kind = path.group("kind");
            Optional<String> name = Optional.ofNullable(path.group("name"));
            PodSelector selector = PodSelector.of(exchange.getRequestURI().getRawQuery());
            switch (exchange.getRequestMethod()) {
                case "POST" -> send(exchange, 201, create(kind, path.group("namespace"), body(exchange)));
                case "PATCH" -> send(exchange, 200, create(kind, path.group("namespace"), body(exchange)));
                case "DELETE" -> {
                    delete(kind, name, selector);
                    send(exchange, 200, outcome("Success", 200));
                }
                case "GET" -> {
                    if (selector.isWatch()) {
                        watch(exchange, selector);
                    } else if (name.isPresent()) {
                        Optional<JsonNode> found = get(kind, name.get());
                        send(exchange, found.isPresent() ? 200 : 404, found.orElseGet(() -> outcome("Failure", 404)));
                    } else {
                        send(exchange, 200, list(kind, selector));
                    }
                }
                default -> send(exchange, 405, outcome("Failure", 405));
            }
        }
    }

    private static ObjectNode body(HttpExchange exchange) throws IOException {
        return (ObjectNode) Json.mapper().readTree(exchange.getRequestBody());
    }

    private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = Json.mapper().writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static JsonNode outcome(String status, int code) {
        return Json.mapper()
                .createObjectNode()
                .put("apiVersion", "v1")
                .put("kind", "Status")
                .put("status", status)
                .put("code", code);
    }

    private synchronized JsonNode create(String kind, String namespace, ObjectNode object) {
        created.add(object.deepCopy());
        ObjectNode metadata = object.withObject("/metadata");
        metadata.put("namespace", namespace);
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", "2024-01-01T00:00:00Z");
        metadata.put("resourceVersion", "1");
        objects.put(kind + "/" + metadata.path("name").asText(), object);
        notifyAll();
        if (kind.equals(PODS)) {
            object.putObject("status").put("phase", "Pending");
            tell("ADDED", object);
            JsonNode pod = object.deepCopy();
            Consumer<JsonNode> runner = node;
            threads.execute(() -> runner.accept(pod));
        }
        return object.deepCopy();
    }

    private synchronized void delete(String kind, Optional<String> name, PodSelector selector) {
        List<ObjectNode> gone = objects.entrySet().stream()
                .filter(object -> object.getKey().startsWith(kind + "/"))
                .filter(object -> name.map(wanted -> object.getKey().equals(kind + "/" + wanted))
                        .orElseGet(() -> selector.matches(object.getValue())))
                .map(Map.Entry::getValue)
                .toList();
        objects.values().removeAll(gone);
        if (kind.equals(PODS)) {
            gone.forEach(pod -> tell("DELETED", pod));
        }
    }

    private synchronized Optional<JsonNode> get(String kind, String name) {
        return Optional.ofNullable(objects.get(kind + "/" + name)).map(ObjectNode::deepCopy);
    }

    private synchronized JsonNode list(String kind, PodSelector selector) {
        ObjectNode list = Json.mapper().createObjectNode();
        list.put("apiVersion", "v1");
        list.put("kind", KINDS.get(kind) + "List");
        list.putObject("metadata").put("resourceVersion", Integer.toString(events.size() + 1));
        ArrayNode items = list.putArray("items");
        objects.forEach((key, object) -> {
            if (key.startsWith(kind + "/") && selector.matches(object)) {
                items.add(object.deepCopy());
            }
        });
        return list;
    }

    /** Answers with what becomes of pods from now on, a line for each, until this is closed or the client goes. */
    private void watch(HttpExchange exchange, PodSelector selector) throws IOException {
        if (exchange.getRequestHeaders().containsKey("Upgrade")) {
            // There are no web sockets here. Clients then ask again for an answer that does not end.
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        int next = seen();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        try {
            for (Optional<ObjectNode> event = event(next); event.isPresent(); event = event(++next)) {
                if (selector.matches(event.get().path("object"))) {
                    out.write(Json.mapper().writeValueAsBytes(event.get()));
                    out.write('\n');
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized int seen() {
        return events.size();
    }

    /** Waits for the event; empty once this is closed. */
    private synchronized Optional<ObjectNode> event(int number) throws InterruptedException {
        while (!closed && events.size() <= number) {
            wait();
        }
        return closed ? Optional.empty() : Optional.of(events.get(number));
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        server.stop(0);
        threads.shutdownNow();
    }
}
