package dev.igarape.wire.registry;

/** Thrown when no registry answers, or only with 429 or 5xx, after all retries. A later retry may help. */
public final class RegistryUnavailableException extends SchemaRegistryException {
    private static final long serialVersionUID = 1L;

    public RegistryUnavailableException(int status, int errorCode, String message, Throwable cause) {
        super(status, errorCode, message, cause);
    }
}
