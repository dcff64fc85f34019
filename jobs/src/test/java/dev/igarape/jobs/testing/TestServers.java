package dev.igarape.jobs.testing;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JUnit extension that gives a test class its lake and servers, as parameters of its methods:
 *
 * <pre>{@code
 * @ExtendWith(TestServers.class)
 * final class OrdersTest {
 *     @BeforeAll
 *     static void start(LocalLake lake, TestingPostgres postgres) {
 * }</pre>
 *
 * A server is started when the first class of a JVM asks for it, and closed after the last class: Surefire runs each
 * class as a request of its own, but all classes of a fork in one launcher session. Topics, databases, schemas and
 * tables that a class has made are removed after it, so that no class has to choose names that others don't use. Classes
 * must therefore run one after the other.
 *
 * <p>Only a {@link LocalLake} and a {@link TestingRegistry} are the class's own, or the test's that asks for them: jobs remember the
 * schemas of a registry by its address for as long as their JVM lives.
 */
public final class TestServers implements ParameterResolver, AfterAllCallback {
    private static final Logger LOG = LoggerFactory.getLogger(TestServers.class);
    private static final Namespace NAMESPACE = Namespace.create(TestServers.class);
    private static final Map<Class<?>, Supplier<TestServer>> SERVERS = Map.of(
            TestingKafka.class, () -> TestingKafka.start(Map.of()),
            TestingMariaDb.class, TestingMariaDb::start,
            TestingMetastore.class, TestingMetastore::start,
            TestingPostgres.class, TestingPostgres::start,
            TestingSpark.class, TestingSpark::start);
    private static final Map<Class<?>, Function<Store, AutoCloseable>> OWN = Map.of(
            LocalLake.class,
            shared -> new LocalLake(
                    server(shared, TestingMetastore.class),
                    () -> server(shared, TestingKafka.class),
                    () -> server(shared, TestingSpark.class)),
            TestingRegistry.class,
            shared -> new TestingRegistry());

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return OWN.containsKey(type) || SERVERS.containsKey(type);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        Store shared = shared(context);
        return OWN.containsKey(type)
                ? context.getStore(NAMESPACE)
                        .computeIfAbsent(type, key -> OWN.get(key).apply(shared))
                : server(shared, type);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        for (Class<?> type : SERVERS.keySet()) {
            Optional.ofNullable(shared(context).get(type, TestServer.class)).ifPresent(TestServer::clear);
        }
    }

    private static <T> T server(Store shared, Class<T> type) {
        return type.cast(shared.computeIfAbsent(type, TestServers::start));
    }

    private static TestServer start(Class<?> type) {
        long before = System.nanoTime();
        TestServer server = SERVERS.get(type).get();
        LOG.info("Started {} in {} ms", type.getSimpleName(), (System.nanoTime() - before) / 1_000_000);
        return server;
    }

    private static Store shared(ExtensionContext context) {
        return context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE);
    }
}
