package dev.igarape.jobs.landing.files.content;

import java.util.Locale;

/** Why a part of a file is in quarantine. */
public enum FileRule {
    /** Its quotes are broken: text behind a closing one, one inside a plain cell, or none that closes. */
    BROKEN_QUOTES,
    /** It has more or fewer cells than there are columns. */
    CELL_COUNT,
    /** It is no text in the encoding of the file. */
    BAD_ENCODING,
    /** It is not one whole JSON text. */
    NOT_JSON,
    /** The line of column names can't name columns, so that no line behind it means anything. */
    BAD_HEADER;

    /** The name as it stands in the column {@code rule}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
