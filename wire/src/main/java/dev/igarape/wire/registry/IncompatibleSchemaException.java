package dev.igarape.wire.registry;

/** Thrown when the registry refuses a schema as incompatible with the versions that the subject has (HTTP 409). */
public final class IncompatibleSchemaException extends SchemaRegistryException {
    private static final long serialVersionUID = 1L;

    public IncompatibleSchemaException(int errorCode, String message) {
        super(409, errorCode, message);
    }
}
