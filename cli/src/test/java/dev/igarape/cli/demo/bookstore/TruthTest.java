package dev.igarape.cli.demo.bookstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.cli.demo.bookstore.CustomerChange.Country;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TruthTest {
    private static final Country BRAZIL = new Country("BR", "Brazil");
    private static final Country JAPAN = new Country("JP", "Japan");

    /** Ana moves from Brazil to Japan, Bia leaves, and Caio returns; a book gets dearer, then nothing changes. */
    private static final Truth TRUTH = new Truth(new Shop(
            List.of(
                    new BookChange("B1", "One", "Author", 10, at("00:00")),
                    new BookChange("B1", "One", "Author", 12, at("10:02")),
                    new BookChange("B1", "One", "Author", 12, at("11:00")),
                    new BookChange("B2", "Two", "Author", 20, at("00:00"))),
            List.of(
                    customer("C1", "Ana", "insert", BRAZIL, "00:00"),
                    customer("C1", "Ana", "update", JAPAN, "12:00"),
                    customer("C2", "Bia", "insert", JAPAN, "00:00"),
                    customer("C2", "", "delete", JAPAN, "13:00"),
                    customer("C3", "Caio", "delete", JAPAN, "13:00"),
                    customer("C3", "Caio", "insert", JAPAN, "14:00")),
            List.of(
                    order("O1", "C1", "10:01", new Order.Line("B1", 1, 10), new Order.Line("B2", 2, 20)),
                    order("O2", "C3", "10:04", new Order.Line("B1", 3, 12)),
                    order("O3", "C2", "10:05", new Order.Line("B1", 1, 12))),
            List.of()));

    private static LocalDateTime at(String time) {
        return LocalDateTime.parse("2024-06-01T" + time);
    }

    private static CustomerChange customer(String id, String name, String status, Country country, String time) {
        return new CustomerChange(id, status, name, "City", country, at(time));
    }

    private static Order order(String id, String customer, String time, Order.Line... lines) {
        return new Order(id, customer, List.of(lines), at(time));
    }

    @Test
    void countsOrdersWhereCustomersLiveInTheEnd() {
        assertThat(TRUTH.countryStatistics()).containsExactly("Japan|2024-06-01|2|6");
        assertThat(TRUTH.customers()).containsExactly("C1|Ana|City|Japan", "C3|Caio|City|Japan");
    }

    @Test
    void countsAnOrderOfTwoBooksOfAnAuthorOnce() {
        assertThat(TRUTH.authorStatistics())
                .containsExactly("2024-06-01 10:00:00|Author|2|2.0", "2024-06-01 10:05:00|Author|1|1.0");
    }

    @Test
    void knowsEachVersionOfABookAndWhatItCost() {
        assertThat(TRUTH.bookHistory())
                .containsExactly(
                        "B1|One|Author|10|2024-06-01 00:00:00|2024-06-01 10:02:00|false",
                        "B1|One|Author|12|2024-06-01 10:02:00|null|true",
                        "B2|Two|Author|20|2024-06-01 00:00:00|null|true");
        assertThat(TRUTH.currentBooks()).containsExactly("B1|One|Author|12", "B2|Two|Author|20");
        assertThat(TRUTH.sales()).containsExactly("2024-06-01|4|7|98");
    }
}
