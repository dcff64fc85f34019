package dev.igarape.wire.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * A strict UTF-8 validator: it finds bytes that are not UTF-8, overlong forms and encoded surrogates included, which
 * JSON parsers let through.
 */
final class Utf8Check {
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8Check() {}

    /** Returns where the first malformed sequence starts. */
    static OptionalInt firstInvalid(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.remaining() >= Long.BYTES && (in.getLong(in.position()) & HIGH_BITS) == 0) {
            in.position(in.position() + Long.BYTES);
        }
        if (!in.hasRemaining()) {
            return OptionalInt.empty();
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer scratch = CharBuffer.allocate(Math.min(in.remaining(), 4096) + 1);
        CoderResult result;
        do {
            scratch.clear();
            result = decoder.decode(in, scratch, true);
        } while (result.isOverflow());
        return result.isError() ? OptionalInt.of(in.position()) : OptionalInt.empty();
    }
}
