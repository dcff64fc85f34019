package dev.igarape.api.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strict decoder of percent-encoded UTF-8: broken escapes and invalid UTF-8 are refused. */
final class PercentDecoder {
    private PercentDecoder() {}

    static String path(String raw) {
        return decode(raw, false);
    }

    /** As in forms: a plus is a space. */
    static String query(String raw) {
        return decode(raw, true);
    }

    private static String decode(String raw, boolean plusIsSpace) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw refused(raw);
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else if (c > 0x7e || c < 0x20) {
                throw refused(raw);
            } else {
                bytes.write(c == '+' && plusIsSpace ? ' ' : c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refused(raw);
        }
    }

    private static ProblemException refused(String raw) {
        return Problem.badRequest(
                        "bad-encoding",
                        "The address is not well encoded",
                        "'" + Sanitized.of(raw) + "' is no percent-encoded UTF-8. Encode it anew.")
                .toException();
    }
}
