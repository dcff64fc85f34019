package dev.igarape.cli.demo.sales;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.DateRange;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class SalesTest {
    private static final DateRange DATES = new DateRange(LocalDate.parse("2024-03-04"), LocalDate.parse("2024-04-01"));
    private static final List<Sale> SALES = Sales.of(DATES, 100, 1);

    private static final SalesTruth TRUTH = new SalesTruth(List.of(
            sale("1", "2024-03-04T10:00", "P1", 1050, 2, "Spain"),
            sale("1", "2024-03-04T10:00", "P2", 200, 1, "Spain"),
            sale("2", "2024-03-05T10:00", "P1", 1050, 1, "France"),
            sale("C3", "2024-03-05T11:00", "P1", 1050, -2, "Spain")));

    private static Sale sale(String transaction, String at, String product, long cents, long quantity, String country) {
        return new Sale(
                transaction, LocalDateTime.parse(at), product, "Name", cents, quantity, Optional.of("7"), country);
    }

    @Test
    void areTheSameForTheSameSeed() {
        assertThat(Sales.of(DATES, 100, 1)).isEqualTo(SALES);
        assertThat(Sales.of(DATES, 100, 2)).isNotEqualTo(SALES);
    }

    @Test
    void haveTheSharesOfAShop() {
        List<Sale> cancellations = SALES.stream().filter(Sale::cancels).toList();
        assertThat(cancellations).allMatch(sale -> sale.transaction().startsWith("C"));
        long transactions = SALES.stream().map(Sale::transaction).distinct().count();
        assertThat(cancellations.size() * 100.0 / transactions).isBetween(1.0, 3.0);
        long unknown = SALES.stream().filter(sale -> sale.customer().isEmpty()).count();
        assertThat(unknown * 100.0 / SALES.size()).isBetween(0.3, 3.0);
        long home = SALES.stream()
                .filter(sale -> sale.country().equals("United Kingdom"))
                .count();
        assertThat(home * 100.0 / SALES.size()).isBetween(87.0, 95.0);
        assertThat(SALES).allMatch(sale -> DATES.dates().contains(sale.at().toLocalDate()));
    }

    @Test
    void haveAProductOfATransactionOnce() {
        assertThat(SALES.stream()
                        .map(sale -> sale.transaction() + "|" + sale.product())
                        .collect(Collectors.toSet()))
                .hasSameSizeAs(SALES);
    }

    @Test
    void truthTakesBackWhatWasReturnedOnTheDayOfTheReturn() {
        assertThat(TRUTH.byDayAndCountry())
                .containsExactly(
                        "2024-03-04|Spain|1|3|23.00|0.00|23.00",
                        "2024-03-05|France|1|1|10.50|0.00|10.50",
                        "2024-03-05|Spain|0|0|0.00|21.00|-21.00");
        assertThat(TRUTH.byDayAndProduct())
                .containsExactly(
                        "2024-03-04|P1|Name|2|0|21.00", "2024-03-04|P2|Name|1|0|2.00", "2024-03-05|P1|Name|1|2|-10.50");
        assertThat(TRUTH.bestProducts(1)).containsExactly("P1|Name|3|2|10.50");
        assertThat(TRUTH.returns()).containsExactly("P1|2|0.666667");
    }

    @Test
    void truthCountsBasketsOfWhatWasBought() {
        assertThat(TRUTH.baskets())
                .containsExactly("2024-03-04|1|7|Spain|2|3|23.00", "2024-03-05|2|7|France|1|1|10.50");
        assertThat(TRUTH.customers()).containsExactly("7|2|33.50|23.00|1.500000|2024-03-05");
    }
}
