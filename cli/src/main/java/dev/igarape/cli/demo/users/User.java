package dev.igarape.cli.demo.users;

import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a file tells of a user.
 *
 * @param status of the subscription
 * @param at when the file was delivered
 */
record User(long id, String firstName, String lastName, String title, String country, String status, LocalDateTime at) {
    static final String BLOCKED = "Blocked";

    boolean active() {
        return !status.equals(BLOCKED);
    }

    /** The record as the source writes it, most of which nobody asks for. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", id);
        fields.put("uid", "00000000-0000-4000-8000-%012d".formatted(id));
        fields.put("first_name", firstName);
        fields.put("last_name", lastName);
        fields.put("email", "user%d@example.com".formatted(id));
        fields.put("gender", "Agender");
        fields.put("date_of_birth", "19%02d-01-15".formatted(60 + id % 40));
        fields.put("employment", Map.of("title", title, "key_skill", "Teamwork"));
        fields.put("address", Map.of("city", "City " + id, "country", country, "zip_code", "00000"));
        fields.put("subscription", Map.of("plan", "Gold", "status", status));
        return fields;
    }
}
