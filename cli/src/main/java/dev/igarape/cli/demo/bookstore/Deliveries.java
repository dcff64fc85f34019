package dev.igarape.cli.demo.bookstore;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.cli.demo.checked.Delivery;
import dev.igarape.cli.demo.checked.Disorder;
import dev.igarape.model.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What reaches Kafka of a shop's events, and when; keys and values are in base64, and some values nobody can read. */
final class Deliveries {
    private Deliveries() {}

    /** The deliveries of a shop, in three parts: of the first day, of those in the middle, and of the last. */
    static List<List<Delivery>> of(Shop shop, long seed) {
        List<List<Delivery>> parts = Disorder.MUCH.spread(
                shop.events().stream().map(Deliveries::delivery).toList(),
                List.of(Shop.FIRST.plusDays(1), Shop.FIRST.plusDays(Shop.DAYS - 1)),
                Set.of(base64(Shop.SHOWN_BOOK), base64(Shop.SHOWN_CUSTOMER)),
                new Random(seed));
        for (List<Delivery> part : parts) {
            Instant at = part.get(0).at();
            part.add(Delivery.of("orders", base64("O?"), base64("no JSON"), at));
            part.add(Delivery.of("customers", base64("C?"), "no base64 %", at));
        }
        return parts;
    }

    private static Delivery delivery(ShopEvent event) {
        try {
            String json = Json.mapper().writeValueAsString(event.fields());
            return Delivery.of(
                    event.topic(), base64(event.id()), base64(json), event.at().toInstant(ZoneOffset.UTC));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
