package dev.igarape.cli.demo.bookstore;

import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What happened to a customer at a moment.
 *
 * @param status {@code insert}, {@code update} or {@code delete}, which says no more than who is deleted
 */
record CustomerChange(String id, String status, String firstName, String city, Country country, LocalDateTime at)
        implements ShopEvent {
    static final String DELETE = "delete";

    /** A country, as events and tables name it. */
    record Country(String code, String name) {}

    @Override
    public String topic() {
        return "customers";
    }

    boolean deletes() {
        return status.equals(DELETE);
    }

    @Override
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("customer_id", id);
        if (!deletes()) {
            fields.put("email", firstName.toLowerCase(Locale.ROOT) + "." + id + "@example.com");
            fields.put("first_name", firstName);
            fields.put("last_name", "Souza");
            fields.put("gender", "");
            fields.put("street", "Main Street 1");
            fields.put("city", city);
            fields.put("country_code", country.code());
        }
        fields.put("row_status", status);
        fields.put("row_time", SHOWN.format(at));
        return fields;
    }
}
