package dev.igarape.api.http;

/** Sanitizer for untrusted text in messages and log lines: cut short, without control characters. */
public final class Sanitized {
    private static final int LONGEST = 80;

    private Sanitized() {}

    public static String of(String text) {
        int end =
                text.length() <= LONGEST ? text.length() : text.offsetByCodePoints(0, text.codePointCount(0, LONGEST));
        StringBuilder shown = new StringBuilder();
        text.substring(0, end)
                .codePoints()
                .map(c -> Character.isISOControl(c) || !Character.isDefined(c) || isSurrogate(c) ? '\uFFFD' : c)
                .forEach(shown::appendCodePoint);
        return end < text.length() ? shown + "… (" + text.length() + " characters)" : shown.toString();
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
