package dev.igarape.wire.registry;

/** Thrown when the registry does not know the subject (40401), the version (40402) or the schema (40403). */
public final class SchemaNotFoundException extends SchemaRegistryException {
    private static final long serialVersionUID = 1L;

    public SchemaNotFoundException(int errorCode, String message) {
        super(404, errorCode, message);
    }
}
