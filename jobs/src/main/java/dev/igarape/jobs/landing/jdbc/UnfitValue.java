package dev.igarape.jobs.landing.jdbc;

import java.util.Optional;

/** A value that the type of its column can't hold exactly. */
final class UnfitValue extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 60;

    private final String column;
    private final String value;
    private final String type;
    private final String better;

    /** @param better a type that holds the value; empty text where there is none but text */
    UnfitValue(String column, String value, String type, String better) {
        super(column + ": '" + shortened(value) + "' does not fit " + type);
        this.column = column;
        this.value = shortened(value);
        this.type = type;
        this.better = better;
    }

    /** The lake's name of the column. */
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

    Optional<String> better() {
        return Optional.of(better).filter(text -> !text.isEmpty());
    }

    private static String shortened(String value) {
        int length = value.codePointCount(0, value.length());
        return length <= SHOWN
                ? value
                : value.substring(0, value.offsetByCodePoints(0, SHOWN)) + "… (" + length + " characters)";
    }
}
