package dev.igarape.api.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the {@link Servers} of this JVM, started for the first and stopped after the last. */
public final class SharedServers implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SharedServers.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Servers.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(Servers.class, type -> start(), Servers.class);
    }

    private static Servers start() {
        try {
            return new Servers(Map.of("IGARAPE_API_SCHEMA_MAX_AGE", "1ms"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
