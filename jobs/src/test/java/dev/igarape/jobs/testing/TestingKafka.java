package dev.igarape.jobs.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/**
 * A real broker in this JVM, on free ports of 127.0.0.1. It runs in a class loader of its own, because its client and
 * Scala are not those of Spark; the build writes the list of its jars to {@code target/broker.classpath}.
 */
public final class TestingKafka implements TestServer {
    private static final String CLUSTER_ID = "4L6g3nShT-eMCtK--X86sw";

    private final Path folder;
    private final URLClassLoader jars;
    private final Object server;
    private final String bootstrapServers;
    private final String secureServers;

    private TestingKafka(
            Path folder, URLClassLoader jars, Object server, String bootstrapServers, String secureServers) {
        this.secureServers = secureServers;
        this.folder = folder;
        this.jars = jars;
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /** Starts a broker without topics; takes some seconds. */
    static TestingKafka start() {
        return start(Map.of());
    }

    /**
     * Starts a broker without topics.
     *
     * @param secure how its listener {@code SECURE} (SASL_SSL) proves who it is; without it there is none
     */
    @SuppressWarnings("resource") // the class loader lives as long as the broker
    public static TestingKafka start(Map<String, String> secure) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try {
            Path folder = Files.createTempDirectory("testing-kafka");
            URLClassLoader jars = new URLClassLoader(jars(), ClassLoader.getPlatformClassLoader());
            thread.setContextClassLoader(jars);
            int port = freePort();
            int securePort = freePort();
            Properties properties = properties(folder, port, freePort());
            if (!secure.isEmpty()) {
                for (String listeners : List.of("listeners", "advertised.listeners")) {
                    properties.merge(
                            listeners, ",SECURE://127.0.0.1:" + securePort, (all, more) -> all.toString() + more);
                }
                properties.putAll(secure);
            }
            format(jars, folder, properties);
            Class<?> config = jars.loadClass("kafka.server.KafkaConfig");
            Class<?> time = jars.loadClass("org.apache.kafka.common.utils.Time");
            Object server = jars.loadClass("kafka.server.KafkaRaftServer")
                    .getConstructor(config, time)
                    .newInstance(
                            config.getConstructor(Map.class).newInstance(properties),
                            time.getField("SYSTEM").get(null));
            server.getClass().getMethod("startup").invoke(server);
            return new TestingKafka(folder, jars, server, "127.0.0.1:" + port, "127.0.0.1:" + securePort);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the broker did not start", e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL[] jars() throws IOException {
        List<URL> urls = new ArrayList<>();
        for (String jar : Files.readAllLines(Path.of("target", "broker.classpath"))) {
            urls.add(Path.of(jar.trim()).toUri().toURL());
        }
        return urls.toArray(new URL[0]);
    }

    /** A port that nobody listens on. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Properties properties(Path folder, int port, int controllerPort) {
        Properties properties = new Properties();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        properties.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL");
        properties.put("log.dirs", folder.resolve("data").toString());
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("offsets.topic.num.partitions", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("transaction.state.log.num.partitions", "1");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("auto.create.topics.enable", "false");
        return properties;
    }

    private static void format(URLClassLoader jars, Path folder, Properties properties)
            throws IOException, ReflectiveOperationException {
        Path file = folder.resolve("server.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
        Object status = jars.loadClass("kafka.tools.StorageTool")
                .getMethod("execute", String[].class, PrintStream.class)
                .invoke(
                        null,
                        new String[] {"format", "-t", CLUSTER_ID, "-c", file.toString()},
                        new PrintStream(OutputStream.nullOutputStream()));
        if (!status.equals(0)) {
            throw new IllegalStateException("formatting the broker's storage ended with status " + status);
        }
    }

    /** Where the secure listener is, if there is one. */
    public String secureServers() {
        return secureServers;
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Client properties with just {@code bootstrap.servers}. */
    public Map<String, String> properties() {
        return Map.of("bootstrap.servers", bootstrapServers);
    }

    public Admin admin() {
        return Admin.create(Map.<String, Object>copyOf(properties()));
    }

    /** Creates a topic; {@code configs} are its own, e.g. {@code retention.ms}. */
    public void createTopic(String topic, int partitions, Map<String, String> configs) {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs)))
                    .all()
                    .get();
            // The controller has made it; the broker that is asked next learns of it a moment later.
            Awaitility.await()
                    .ignoreExceptions()
                    .until(() -> admin.describeTopics(List.of(topic))
                                    .allTopicNames()
                                    .get()
                                    .size()
                            == 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot create " + topic, e);
        }
    }

    /** A producer with acks=all; with transactions initialised where an id for them is given. */
    public KafkaProducer<byte[], byte[]> producer(Optional<String> transactionalId) {
        Map<String, Object> properties = new HashMap<>(properties());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 1 << 18);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        transactionalId.ifPresent(id -> properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id));
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        if (transactionalId.isPresent()) {
            producer.initTransactions();
        }
        return producer;
    }

    /** Deletes every topic. */
    @Override
    public void clear() {
        try (Admin admin = admin()) {
            admin.deleteTopics(admin.listTopics().names().get()).all().get();
            // As with new ones, the broker learns of it a moment later.
            Awaitility.await().until(() -> admin.listTopics().names().get().isEmpty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("topics were not deleted", e);
        }
    }

    @Override
    public void close() {
        try {
            server.getClass().getMethod("shutdown").invoke(server);
            server.getClass().getMethod("awaitShutdown").invoke(server);
            jars.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the broker did not stop", e);
        }
    }
}
