package dev.igarape.jobs.landing.kafka.output;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;

/** Topic names within file names: they fit as they are, unless the whole would be longer than 255 bytes. */
public final class FileNames {
    private static final int LONGEST = 150;

    private FileNames() {}

    /** The topic's name, or its beginning with a checksum. */
    public static String safe(String topic) {
        if (topic.length() <= LONGEST) {
            return topic;
        }
        CRC32 checksum = new CRC32();
        checksum.update(topic.getBytes(StandardCharsets.UTF_8));
        return topic.substring(0, LONGEST) + String.format(Locale.ROOT, "~%08x", checksum.getValue());
    }
}
