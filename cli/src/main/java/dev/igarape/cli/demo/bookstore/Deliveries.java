package dev.igarape.cli.demo.bookstore;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.model.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What reaches Kafka of a shop's events, and when: some twice, all in disorder, some only with later ones, and between them
 * values that nobody can read.
 */
final class Deliveries {
    /** In percent of the events. */
    private static final int DOUBLED = 20;
    /** Likewise. */
    private static final int LATE = 15;

    private Deliveries() {}

    /**
     * A record for Kafka.
     *
     * @param key base64
     * @param value base64 of JSON
     * @param at Kafka's timestamp, by which the record is dated: the event's own, also of one that is late or doubled
     */
    record Delivery(String topic, String key, String value, Instant at) {}

    /** The deliveries of a shop, in three parts: of the first day, of those in the middle, and of the last. */
    static List<List<Delivery>> of(Shop shop, long seed) {
        Random random = new Random(seed);
        List<List<Delivery>> parts = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (ShopEvent event : shop.events()) {
            boolean shown = event.id().equals(Shop.SHOWN_BOOK) || event.id().equals(Shop.SHOWN_CUSTOMER);
            int part = part(event.at().toLocalDate());
            int late = !shown && random.nextInt(100) < LATE ? 1 : 0;
            parts.get(Math.min(part + late, 2)).add(delivery(event));
            if (random.nextInt(100) < DOUBLED) {
                parts.get(Math.min(part + random.nextInt(3), 2)).add(delivery(event));
            }
        }
        for (List<Delivery> part : parts) {
            part.add(new Delivery("orders", base64("O?"), base64("no JSON"), moment(part)));
            part.add(new Delivery("customers", base64("C?"), "no base64 %", moment(part)));
            Collections.shuffle(part, random);
        }
        return parts;
    }

    private static int part(LocalDate date) {
        if (date.equals(Shop.FIRST)) {
            return 0;
        }
        return date.equals(Shop.FIRST.plusDays(Shop.DAYS - 1)) ? 2 : 1;
    }

    private static Instant moment(List<Delivery> part) {
        return part.get(0).at();
    }

    private static Delivery delivery(ShopEvent event) {
        try {
            String json = Json.mapper().writeValueAsString(event.fields());
            return new Delivery(
                    event.topic(), base64(event.id()), base64(json), event.at().toInstant(ZoneOffset.UTC));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
