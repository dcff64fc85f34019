package dev.igarape.wire.registry;

/**
 * The registry has the schema, and nobody can read messages with it: it is not Avro, Avro does not understand it, or it
 * refers to one of which that is so. It stays so until somebody registers another.
 */
public final class UnusableSchemaException extends SchemaRegistryException {
    private static final long serialVersionUID = 1L;

    public UnusableSchemaException(String message, Throwable cause) {
        super(200, 200, message, cause);
    }
}
