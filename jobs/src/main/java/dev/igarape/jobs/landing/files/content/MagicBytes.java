package dev.igarape.jobs.landing.files.content;

/** Compares the first bytes of files. */
final class MagicBytes {
    private MagicBytes() {}

    /** Whether these bytes stand there. */
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
