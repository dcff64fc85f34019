package dev.igarape.jobs.landing.files.content;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The encoding of a file: as declared, unless the file begins with a byte order mark.
 *
 * <p>No supported encoding contains the bytes of a line end inside another character, if bytes are read in code units:
 * two bytes in UTF-16, four in UTF-32, one in all others. So lines are split as bytes and decoded one by one.
 */
final class Encoding {
    /** Number of first bytes that are needed to detect a byte order mark. */
    static final int HEAD = 4;

    private final Charset charset;
    private final int markLength;
    private final byte[] lineFeed;
    private final byte[] carriageReturn;

    private Encoding(Charset charset, int markLength) {
        this.charset = charset;
        this.markLength = markLength;
        this.lineFeed = unitBytes("\n", charset);
        this.carriageReturn = unitBytes("\r", charset);
    }

    /** The code units of a character, without a byte order mark that the encoder may add. */
    private static byte[] unitBytes(String character, Charset charset) {
        byte[] once = character.getBytes(charset);
        int length = character.repeat(2).getBytes(charset).length - once.length;
        return Arrays.copyOfRange(once, once.length - length, once.length);
    }

    /** @param head the first {@value #HEAD} bytes of the file, or all if it is shorter */
    static Encoding of(Charset declared, byte[] head) {
        if (MagicBytes.at(head, 0, 0xef, 0xbb, 0xbf)) {
            return new Encoding(StandardCharsets.UTF_8, 3);
        }
        if (MagicBytes.at(head, 0, 0xff, 0xfe, 0x00, 0x00)) {
            return new Encoding(Charset.forName("UTF-32LE"), 4);
        }
        if (MagicBytes.at(head, 0, 0x00, 0x00, 0xfe, 0xff)) {
            return new Encoding(Charset.forName("UTF-32BE"), 4);
        }
        if (MagicBytes.at(head, 0, 0xff, 0xfe)) {
            return new Encoding(StandardCharsets.UTF_16LE, 2);
        }
        if (MagicBytes.at(head, 0, 0xfe, 0xff)) {
            return new Encoding(StandardCharsets.UTF_16BE, 2);
        }
        // Without a byte order mark the standard is big-endian, but Windows writes little-endian; files begin with
        // ASCII.
        boolean little = head.length >= 2 && head[0] != 0 && head[1] == 0;
        return switch (declared.name()) {
            case "UTF-16" -> new Encoding(little ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE, 0);
            case "UTF-32" -> new Encoding(Charset.forName(little ? "UTF-32LE" : "UTF-32BE"), 0);
            default -> new Encoding(declared, 0);
        };
    }

    /** The charset's name. */
    String name() {
        return charset.name();
    }

    /** Length of the byte order mark at the beginning of the file. */
    int markLength() {
        return markLength;
    }

    /** Size of a code unit in bytes. */
    int unitBytes() {
        return lineFeed.length;
    }

    boolean isLineFeed(byte[] bytes, int at) {
        return matches(lineFeed, bytes, at);
    }

    boolean isCarriageReturn(byte[] bytes, int at) {
        return matches(carriageReturn, bytes, at);
    }

    private static boolean matches(byte[] wanted, byte[] bytes, int at) {
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    /** The text; invalid bytes become U+FFFD. */
    String decode(byte[] bytes, int length) {
        return new String(bytes, 0, length, charset);
    }

    /** Whether all bytes are valid text, given their result of {@link #decode}. */
    boolean isText(byte[] bytes, int length, String decoded) {
        if (decoded.indexOf('\uFFFD') < 0) {
            return true;
        }
        try {
            charset.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Problem and remedy for bytes that are not valid text. */
    String problem() {
        String problem = "it is no text in " + charset.name();
        if (markLength > 0) {
            return problem + ", which the file's byte order mark says it is";
        }
        return problem + "; say what the files are in by the landing's `encoding`"
                + (charset.equals(StandardCharsets.UTF_8) ? ", such as encoding: windows-1252" : "");
    }
}
