package dev.igarape.jobs.landing.kafka.output;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;

/** File names that contain topic names. A name may have at most 255 bytes, so a long topic is shortened. */
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
