package dev.igarape.jobs.landing.kafka.schema;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.wire.registry.RegistryUnavailableException;
import dev.igarape.wire.registry.SchemaNotFoundException;
import dev.igarape.wire.registry.SchemaRegistryClient;
import dev.igarape.wire.registry.SchemaRegistryException;
import dev.igarape.wire.registry.UnusableSchemaException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.config.ConfigException;

/** Writer schemas from the registry, cached for all tasks of a JVM, because the schema of an id never changes. */
public final class RegistryWriterSchemas implements WriterSchemas {
    private static final Map<Map<String, String>, RegistryWriterSchemas> SHARED = new ConcurrentHashMap<>();

    private static final String LATEST_TTL = "latest.cache.ttl.sec";

    private final SchemaRegistryClient client;

    private RegistryWriterSchemas(SchemaRegistryClient client) {
        this.client = client;
    }

    /** @param registry the registry client's properties, at least {@code schema.registry.url} */
    public static Factory factory(Map<String, String> registry) {
        HashMap<String, String> properties = new HashMap<>(registry);
        return () -> SHARED.computeIfAbsent(properties, RegistryWriterSchemas::connect);
    }

    /** A client that this process keeps, which asks anew for the latest version of a subject each time. */
    public static SchemaRegistryClient client(Map<String, String> registry) {
        return SHARED.computeIfAbsent(new HashMap<>(registry), RegistryWriterSchemas::connect).client;
    }

    private static RegistryWriterSchemas connect(Map<String, String> properties) {
        Map<String, String> asking = new HashMap<>(properties);
        asking.put(LATEST_TTL, "0");
        try {
            return new RegistryWriterSchemas(new SchemaRegistryClient(asking));
        } catch (ConfigException e) {
            throw new LakeException(ExitCode.DEFINITION, e.getMessage() + " Correct the target's registry.", e);
        }
    }

    @Override
    public Lookup byId(int id) {
        try {
            return new Known(client.schemaById(id));
        } catch (SchemaNotFoundException e) {
            return new Unknown(e.getMessage());
        } catch (UnusableSchemaException e) {
            return new Unusable(e.getMessage());
        } catch (SchemaRegistryException e) {
            throw failure(e);
        }
    }

    /** Converts a registry error for the report. */
    public static LakeException failure(SchemaRegistryException refusal) {
        // Other errors are final: the registry would answer the same again.
        ExitCode code = refusal instanceof RegistryUnavailableException ? ExitCode.UNAVAILABLE : ExitCode.DEFINITION;
        return new LakeException(code, refusal.getMessage(), refusal);
    }
}
