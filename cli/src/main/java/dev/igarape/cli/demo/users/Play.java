package dev.igarape.cli.demo.users;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A track that a user has listened to.
 *
 * @param version of the message: 2 tells the device, too
 */
record Play(int version, String id, long user, String artist, long millis, Instant at) {
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("schema_version", version);
        fields.put("event_id", id);
        fields.put("user_id", user);
        fields.put("artist", artist);
        fields.put("track", "Track " + millis % 17);
        fields.put("genre", "MPB");
        fields.put("duration_ms", millis);
        if (version > 1) {
            fields.put("device", "phone");
        }
        fields.put("played_at", at.toString());
        return fields;
    }
}
