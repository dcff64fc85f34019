package dev.igarape.cli.demo.sales;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What tables of sales have to show: each row as its values with bars between them, in order. */
public final class SalesTruth {
    private final List<Sale> sales;

    public SalesTruth(Collection<Sale> sales) {
        this.sales = List.copyOf(sales);
    }

    /** Date, country, number of transactions that buy, units and revenue of these, what was sent back, what remains. */
    public List<String> byDayAndCountry() {
        return rows(sale -> date(sale) + "|" + sale.country(), group -> {
            Set<String> transactions = new HashSet<>();
            long units = 0;
            long bought = 0;
            long back = 0;
            for (Sale sale : group) {
                if (sale.cancels()) {
                    back -= sale.amount();
                } else {
                    transactions.add(sale.transaction());
                    units += sale.quantity();
                    bought += sale.amount();
                }
            }
            return transactions.size() + "|" + units + "|" + money(bought) + "|" + money(back) + "|"
                    + money(bought - back);
        });
    }

    /** Date, product, name, units bought, units sent back, what remains in money. */
    public List<String> byDayAndProduct() {
        return rows(
                sale -> date(sale) + "|" + sale.product() + "|" + sale.name(),
                group -> group.stream()
                                .filter(sale -> !sale.cancels())
                                .mapToLong(Sale::quantity)
                                .sum()
                        + "|"
                        + -group.stream()
                                .filter(Sale::cancels)
                                .mapToLong(Sale::quantity)
                                .sum()
                        + "|"
                        + money(group.stream().mapToLong(Sale::amount).sum()));
    }

    /** Product, name, units bought, revenue; the best first. */
    public List<String> bestProducts(int count) {
        Map<String, List<Sale>> products =
                sales.stream().collect(Collectors.groupingBy(sale -> sale.product() + "|" + sale.name()));
        Function<List<Sale>, Long> revenue =
                group -> group.stream().mapToLong(Sale::amount).sum();
        Comparator<Map.Entry<String, List<Sale>>> order =
                Comparator.comparing(product -> -revenue.apply(product.getValue()));
        List<String> rows = new ArrayList<>();
        products.entrySet().stream()
                .sorted(order.thenComparing(Map.Entry::getKey))
                .limit(count)
                .forEach(product -> rows.add(product.getKey() + "|"
                        + product.getValue().stream()
                                .filter(sale -> !sale.cancels())
                                .mapToLong(Sale::quantity)
                                .sum()
                        + "|" + money(revenue.apply(product.getValue()))));
        return rows;
    }

    /** Product, units sent back, of those that came back. */
    public List<String> returns() {
        Map<String, Long> units = new TreeMap<>();
        sales.stream().filter(Sale::cancels).forEach(sale -> units.merge(sale.product(), -sale.quantity(), Long::sum));
        return units.entrySet().stream()
                .map(product -> product.getKey() + "|" + product.getValue())
                .toList();
    }

    /** Customer, number of transactions that buy, their money, that of the biggest one. */
    public List<String> customers() {
        Map<String, Map<String, Long>> baskets = new TreeMap<>();
        sales.stream()
                .filter(sale -> !sale.cancels())
                .forEach(sale -> sale.customer()
                        .ifPresent(customer -> baskets.computeIfAbsent(customer, key -> new TreeMap<>())
                                .merge(sale.transaction(), sale.amount(), Long::sum)));
        return baskets.entrySet().stream()
                .map(customer -> customer.getKey() + "|" + customer.getValue().size() + "|"
                        + money(customer.getValue().values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        + "|" + money(Collections.max(customer.getValue().values())))
                .toList();
    }

    private List<String> rows(Function<Sale, String> key, Function<List<Sale>, String> values) {
        Map<String, List<Sale>> groups =
                sales.stream().collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()));
        return groups.entrySet().stream()
                .map(group -> group.getKey() + "|" + values.apply(group.getValue()))
                .toList();
    }

    private static String date(Sale sale) {
        return sale.at().toLocalDate().toString();
    }

    private static String money(long cents) {
        return BigDecimal.valueOf(cents, 2).toPlainString();
    }
}
