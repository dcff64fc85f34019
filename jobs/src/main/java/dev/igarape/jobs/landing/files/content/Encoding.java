package dev.igarape.jobs.landing.files.content;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How the bytes of one file are text: as declared, unless a byte order mark at its begin says otherwise.
 *
 * <p>No encoding has the bytes of a line end inside another character, if one goes by units: two bytes in UTF-16, four in
 * UTF-32, one in all others. So lines are told as bytes, and each is decoded by itself.
 */
final class Encoding {
    /** Bytes that must be known of a file to tell its mark. */
    static final int HEAD = 4;

    private final Charset charset;
    private final int mark;
    private final byte[] lineFeed;
    private final byte[] carriageReturn;

    private Encoding(Charset charset, int mark) {
        this.charset = charset;
        this.mark = mark;
        this.lineFeed = unit("\n", charset);
        this.carriageReturn = unit("\r", charset);
    }

    /** A mark that the encoder puts before the text is no part of it. */
    private static byte[] unit(String character, Charset charset) {
        byte[] once = character.getBytes(charset);
        int length = character.repeat(2).getBytes(charset).length - once.length;
        return Arrays.copyOfRange(once, once.length - length, once.length);
    }

    /** @param head the first bytes of the file, {@value #HEAD} where it has as many */
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
        // Without a mark, big-endian is the rule and little-endian what Windows writes; files begin with ASCII.
        boolean little = head.length >= 2 && head[0] != 0 && head[1] == 0;
        return switch (declared.name()) {
            case "UTF-16" -> new Encoding(little ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE, 0);
            case "UTF-32" -> new Encoding(Charset.forName(little ? "UTF-32LE" : "UTF-32BE"), 0);
            default -> new Encoding(declared, 0);
        };
    }

    /** Its name. */
    String name() {
        return charset.name();
    }

    /** Length of the byte order mark at the begin of the file. */
    int mark() {
        return mark;
    }

    /** How many bytes a character has at least. */
    int unit() {
        return lineFeed.length;
    }

    boolean isLineFeed(byte[] bytes, int at) {
        return is(lineFeed, bytes, at);
    }

    boolean isCarriageReturn(byte[] bytes, int at) {
        return is(carriageReturn, bytes, at);
    }

    private static boolean is(byte[] wanted, byte[] bytes, int at) {
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    /** The text; what is none becomes U+FFFD. */
    String decode(byte[] bytes, int length) {
        return new String(bytes, 0, length, charset);
    }

    /** Whether all of the bytes are text, which {@link #decode} gave. */
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

    /** What is wrong with bytes that are no text, and what helps. */
    String fault() {
        String fault = "it is no text in " + charset.name();
        if (mark > 0) {
            return fault + ", which the file's byte order mark says it is";
        }
        return fault + "; say what the files are in by the landing's `encoding`"
                + (charset.equals(StandardCharsets.UTF_8) ? ", such as encoding: windows-1252" : "");
    }
}
