package dev.igarape.api;

import dev.igarape.api.auth.TokenAuth;
import dev.igarape.api.auth.TokensException;
import dev.igarape.api.health.HealthRoutes;
import dev.igarape.api.health.MetricsRoute;
import dev.igarape.api.http.ConnectionLimiter;
import dev.igarape.api.http.Dispatcher;
import dev.igarape.api.http.InFlightLimiter;
import dev.igarape.api.http.Meters;
import dev.igarape.api.http.Router;
import dev.igarape.api.random.RandomRoute;
import dev.igarape.api.schemas.SchemaRoutes;
import dev.igarape.api.topics.BatchRoute;
import dev.igarape.api.topics.KafkaSink;
import dev.igarape.api.topics.KafkaTopics;
import dev.igarape.api.topics.LatestSchemas;
import dev.igarape.api.topics.PublishRoute;
import dev.igarape.wire.registry.SchemaRegistryClient;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP service: wiring, start and graceful shutdown. It starts whether or not Kafka and the registry are up; {@code
 * /health/ready} says so. A shutdown refuses new requests, waits for those in flight, then for the producer: every 202
 * is in Kafka.
 */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final int EXIT_USAGE = 2;
    private static final int MAX_EVENT_LOOPS = 4;
    private static final int REGISTRY_WORKERS = 4;
    private static final long TOKENS_REFRESH_MILLIS = 2_000;
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    private final ApiConfig config;
    private final Vertx vertx;
    private final InFlightLimiter limiter;
    private final Admin admin;
    private final SchemaRegistryClient registry;
    private final KafkaSink sink;
    private final Router router;
    private final ConnectionLimiter connections;
    private final Dispatcher dispatcher;
    private final List<MeterBinder> jvmMetrics =
            List.of(new JvmMemoryMetrics(), new JvmGcMetrics(), new ProcessorMetrics(), new UptimeMetrics());
    private boolean closed;

    public ApiServer(ApiConfig config) {
        this.config = config;
        TokenAuth auth = auth(config);
        this.vertx = Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        this.limiter = new InFlightLimiter(config.maxInFlight(), config.maxInFlightBytes());
        this.admin = KafkaClients.admin(config);
        this.registry = new SchemaRegistryClient(config.registryClient());
        KafkaTopics topics = new KafkaTopics(admin, config.ackTimeout(), System::nanoTime);
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        jvmMetrics.forEach(metrics -> metrics.bindTo(prometheus));
        Meters meters = new Meters(prometheus, limiter);
        this.sink = new KafkaSink(KafkaClients.producer(config), topics, meters, config.drainTimeout());
        WorkerExecutor workers = vertx.createSharedWorkerExecutor("igarape-worker", workerThreads());
        WorkerExecutor registryWorkers = vertx.createSharedWorkerExecutor("igarape-registry", REGISTRY_WORKERS);
        LatestSchemas schemas = new LatestSchemas(registry, registryWorkers, config.schemaMaxAge(), System::nanoTime);
        Map<String, Supplier<Future<Void>>> checks = new LinkedHashMap<>();
        checks.put("kafka", topics::ping);
        checks.put("registry", schemas::ping);
        int longestLine = config.limits().maxBody();
        Routes routes = new Routes(
                auth,
                new PublishRoute(topics, schemas, sink, workers),
                new BatchRoute(vertx, topics, schemas, sink, workers, meters, longestLine),
                new RandomRoute(workers),
                new SchemaRoutes(registry, schemas, registryWorkers),
                new HealthRoutes(vertx, checks),
                new MetricsRoute(prometheus, workers));
        this.router = routes.router();
        this.connections = new ConnectionLimiter(vertx, config.limits().maxConnections());
        prometheus.gauge("igarape.api.connections", connections, ConnectionLimiter::openConnections);
        this.dispatcher = new Dispatcher(vertx, router, config.limits(), limiter, meters, connections);
        if (!auth.allowsAll()) {
            vertx.setPeriodic(
                    TOKENS_REFRESH_MILLIS,
                    id -> vertx.executeBlocking(() -> {
                        auth.refresh();
                        return auth;
                    }));
        }
    }

    private static TokenAuth auth(ApiConfig config) {
        try {
            return config.tokensFile()
                    .map(file -> TokenAuth.of(file, Clock.systemUTC()))
                    .orElseGet(TokenAuth::allowAll);
        } catch (TokensException e) {
            throw new ConfigException(List.of("IGARAPE_API_TOKENS_FILE: " + e.getMessage()));
        }
    }

    /** The query parameters of every endpoint, by {@code GET /path/{template}}. */
    Map<String, Set<String>> endpoints() {
        return router.endpoints();
    }

    /**
     * Starts to listen.
     *
     * @return the port, of interest when the configured one is 0
     * @throws ConfigException when the address can't be listened on
     */
    public int start() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(config.host())
                // Minus one: any free port, the same for all event loops.
                .setPort(config.port() == 0 ? -1 : config.port())
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout((int) config.limits().idleTimeout().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        config.tls()
                .ifPresent(tls -> options.setSsl(true)
                        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(tls.certificate().toString())
                                .setKeyPath(tls.key().toString())));
        int loops = Math.min(MAX_EVENT_LOOPS, Runtime.getRuntime().availableProcessors());
        List<HttpServerVerticle> listeners = new CopyOnWriteArrayList<>();
        Future<String> deployed = vertx.deployVerticle(
                () -> {
                    HttpServerVerticle listener = new HttpServerVerticle(options, dispatcher, connections);
                    listeners.add(listener);
                    return listener;
                },
                new DeploymentOptions().setInstances(loops));
        try {
            deployed.toCompletionStage().toCompletableFuture().get(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new ConfigException("Cannot listen on " + config.host() + ":" + config.port() + ": "
                    + e.getCause().getMessage()
                    + ". Stop what listens there, or set IGARAPE_API_HOST and IGARAPE_API_PORT.");
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException("The HTTP server did not start", e);
        }
        int port = listeners.get(0).port();
        LOG.info("Listening on {}://{}:{}", config.tls().isPresent() ? "https" : "http", config.host(), port);
        return port;
    }

    /** Shuts down gracefully. Closing again has no effect. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        LOG.info("Stopping: {} requests under way", limiter.requests());
        if (!await(dispatcher.drain(), config.drainTimeout())) {
            LOG.warn("Stopped waiting after {}: {} requests get no answer", config.drainTimeout(), limiter.requests());
        }
        sink.close();
        admin.close(Duration.ofSeconds(1));
        registry.close();
        if (!await(vertx.close(), config.drainTimeout())) {
            LOG.warn("The HTTP server did not close in {}", config.drainTimeout());
        }
        jvmMetrics.forEach(ApiServer::close);
        LOG.info("Stopped");
    }

    private static void close(MeterBinder metrics) {
        if (metrics instanceof JvmGcMetrics collections) {
            collections.close();
        }
    }

    private static boolean await(Future<Void> future, Duration limit) {
        try {
            future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            LOG.warn("A part did not stop well", e.getCause());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int workerThreads() {
        return Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
    }

    public static void main(String[] arguments) {
        try {
            ApiServer server = new ApiServer(ApiConfig.from(System.getenv()));
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "igarape-stop"));
            server.start();
        } catch (ConfigException e) {
            System.err.println(e.getMessage());
            System.exit(EXIT_USAGE);
        }
    }
}
