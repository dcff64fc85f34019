package dev.igarape.jobs.landing.files.content;

/** Compares the first bytes of a file with a magic number. */
final class MagicBytes {
    private MagicBytes() {}

    /** Whether these bytes are at this offset. */
    static boolean at(byte[] head, int offset, int... bytes) {
        if (head.length < offset + bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if ((head[offset + i] & 0xff) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
