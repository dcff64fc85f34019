package dev.igarape.jobs.landing.files.content;

import java.util.Arrays;

/**
 * A line of a file.
 *
 * @param number from 1
 * @param bytes as they stand in the file, with the line end
 * @param bareLength how many of them are no line end
 * @param text the line as text, with the line end; what is no text is U+FFFD
 * @param end the line end: empty at the end of the file
 * @param isText whether all of it is text in the file's encoding
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

    /** Whether there is nothing in it. */
    boolean isEmpty() {
        return text.length() == end.length();
    }
}
