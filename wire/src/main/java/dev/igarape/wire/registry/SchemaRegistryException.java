package dev.igarape.wire.registry;

/** Thrown when the registry refuses a request, or its response can't be used. */
public class SchemaRegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int errorCode;

    public SchemaRegistryException(int status, int errorCode, String message) {
        this(status, errorCode, message, null);
    }

    public SchemaRegistryException(int status, int errorCode, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
        this.errorCode = errorCode;
    }

    /** The HTTP status, or 0 when no answer came. */
    public final int status() {
        return status;
    }

    /** Confluent's error code such as 40401, or the HTTP status where the registry gave none. */
    public final int errorCode() {
        return errorCode;
    }
}
