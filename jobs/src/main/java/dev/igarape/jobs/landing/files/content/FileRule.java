package dev.igarape.jobs.landing.files.content;

import java.util.Locale;

/** Why a part of a file is quarantined. */
public enum FileRule {
    /** Broken quotes: text after a closing quote, a quote inside an unquoted cell, or a quote that is not closed. */
    BROKEN_QUOTES,
    /** It has more or fewer cells than there are columns. */
    CELL_COUNT,
    /** It is not valid text in the file's encoding. */
    BAD_ENCODING,
    /** It is not one complete JSON text. */
    NOT_JSON,
    /** A captured event's time is none. */
    BAD_TIME,
    /** The header is invalid, so that no following line can be interpreted. */
    BAD_HEADER;

    /** The name in the column {@code rule}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
