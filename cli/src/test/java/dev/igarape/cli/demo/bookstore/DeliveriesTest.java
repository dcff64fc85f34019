package dev.igarape.cli.demo.bookstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.cli.demo.checked.Delivery;
import dev.igarape.model.Json;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class DeliveriesTest {
    private static final long SEED = 7;
    private static final Shop SHOP = Shop.of(SEED);
    private static final List<List<Delivery>> PARTS = Deliveries.of(SHOP, SEED);

    @Test
    void areTheSameForTheSameSeed() {
        assertThat(Deliveries.of(Shop.of(SEED), SEED)).isEqualTo(PARTS);
        assertThat(Deliveries.of(Shop.of(SEED + 1), SEED)).isNotEqualTo(PARTS);
    }

    @Test
    void bringEveryEventAndSomeTwice() throws Exception {
        Set<String> values = new HashSet<>();
        int all = 0;
        for (Delivery delivery : PARTS.stream().flatMap(List::stream).toList()) {
            values.add(delivery.text());
            all++;
        }
        assertThat(all).isGreaterThan(values.size() + 100);
        for (ShopEvent event : SHOP.events()) {
            String json = Json.mapper().writeValueAsString(event.fields());
            assertThat(values).contains(Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void bringSomeEventsLateAndNoneInOrder() {
        for (List<Delivery> part : PARTS) {
            assertThat(part.stream().map(Delivery::at).toList())
                    .isNotEqualTo(part.stream().map(Delivery::at).sorted().toList());
        }
        Set<String> early = PARTS.get(0).stream().map(Delivery::text).collect(Collectors.toSet());
        // Of a day that the part before has told of.
        assertThat(PARTS.get(1))
                .anyMatch(delivery -> delivery.at()
                                .isBefore(Shop.FIRST.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC))
                        && !early.contains(delivery.text()));
    }

    @Test
    void shopHasAllThatMakesTablesHard() {
        assertThat(SHOP.refused())
                .hasAtLeastOneElementOfType(Order.class)
                .hasAtLeastOneElementOfType(CustomerChange.class);
        assertThat(SHOP.customers())
                .filteredOn(change -> change.id().equals(Shop.SHOWN_CUSTOMER))
                .extracting(CustomerChange::status)
                .containsExactly("insert", "delete", "insert");
        assertThat(SHOP.books().stream().filter(book -> book.id().equals(Shop.SHOWN_BOOK)))
                .hasSize(6);
        assertThat(new Truth(SHOP).bookHistory()).hasSizeLessThan(SHOP.books().size());
    }
}
