package dev.igarape.wire.registry;

/** No registry answered, or all answers were 429 or 5xx, after all retries. Trying again later may help. */
public final class RegistryUnavailableException extends SchemaRegistryException {
    private static final long serialVersionUID = 1L;

    public RegistryUnavailableException(int status, int errorCode, String message, Throwable cause) {
        super(status, errorCode, message, cause);
    }
}
