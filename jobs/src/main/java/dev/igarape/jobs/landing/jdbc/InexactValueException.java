package dev.igarape.jobs.landing.jdbc;

import java.util.Optional;

/** A value that its column's type cannot hold exactly. */
final class InexactValueException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 60;

    private final String column;
    private final String value;
    private final String type;
    private final String widerType;

    /** @param widerType a type that holds the value; empty text if only a string does */
    InexactValueException(String column, String value, String type, String widerType) {
        super(column + ": '" + shortened(value) + "' does not fit " + type);
        this.column = column;
        this.value = shortened(value);
        this.type = type;
        this.widerType = widerType;
    }

    /** The column's name in the lake. */
    String column() {
        return column;
    }

    /** The value as the database writes it, shortened. */
    String value() {
        return value;
    }

    String type() {
        return type;
    }

    Optional<String> widerType() {
        return Optional.of(widerType).filter(text -> !text.isEmpty());
    }

    private static String shortened(String value) {
        int length = value.codePointCount(0, value.length());
        return length <= SHOWN
                ? value
                : value.substring(0, value.offsetByCodePoints(0, SHOWN)) + "… (" + length + " characters)";
    }
}
