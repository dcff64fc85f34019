package dev.igarape.wire.registry;

import java.util.List;

/**
 * The registry's answer to "could this schema be registered?".
 *
 * @param messages why not, as far as the registry tells; often empty
 */
public record CompatibilityResult(boolean compatible, List<String> messages) {
    public CompatibilityResult {
        messages = List.copyOf(messages);
    }
}
