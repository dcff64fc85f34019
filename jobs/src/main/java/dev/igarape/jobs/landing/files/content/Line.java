package dev.igarape.jobs.landing.files.content;

import java.util.Arrays;

/**
 * A line of a file.
 *
 * @param number from 1
 * @param bytes as stored, with the line end
 * @param bareLength number of bytes without the line end
 * @param text decoded, with the line end; invalid bytes are U+FFFD
 * @param end the line end; empty at the end of the file
 * @param isText whether all bytes are valid in the file's encoding
 */
record Line(long number, byte[] bytes, int bareLength, String text, String end, boolean isText) {
    /** Its text without the line end. */
    String bareText() {
        return text.substring(0, text.length() - end.length());
    }

    /** Its bytes without the line end. */
    byte[] bareBytes() {
        return Arrays.copyOf(bytes, bareLength);
    }

    /** Whether it is empty. */
    boolean isEmpty() {
        return text.length() == end.length();
    }
}
