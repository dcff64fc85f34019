package dev.igarape.cli.demo.sales;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
                group -> bought(group) + "|" + back(group) + "|" + money(amount(group)));
    }

    /** Product, name, units bought, units sent back, revenue; the best first. */
    public List<String> bestProducts(int count) {
        Map<String, List<Sale>> products =
                sales.stream().collect(Collectors.groupingBy(sale -> sale.product() + "|" + sale.name()));
        Comparator<Map.Entry<String, List<Sale>>> order = Comparator.comparing(product -> -amount(product.getValue()));
        List<String> rows = new ArrayList<>();
        products.entrySet().stream()
                .sorted(order.thenComparing(Map.Entry::getKey))
                .limit(count)
                .forEach(product -> rows.add(product.getKey() + "|" + bought(product.getValue()) + "|"
                        + back(product.getValue()) + "|" + money(amount(product.getValue()))));
        return rows;
    }

    /** Product, units sent back, and which part of those bought that is, of products that came back. */
    public List<String> returns() {
        Map<String, List<Sale>> products =
                sales.stream().collect(Collectors.groupingBy(Sale::product, TreeMap::new, Collectors.toList()));
        List<String> rows = new ArrayList<>();
        products.forEach((product, group) -> {
            if (back(group) > 0) {
                rows.add(product + "|" + back(group) + "|" + ratio(back(group), bought(group)));
            }
        });
        return rows;
    }

    /** Date, transaction, customer, country, number of products, units, money, of transactions that buy. */
    public List<String> baskets() {
        return buying().map(basket -> {
                    Sale first = basket.get(0);
                    return date(first) + "|" + first.transaction() + "|"
                            + first.customer().orElse("unknown") + "|" + first.country() + "|" + products(basket) + "|"
                            + bought(basket) + "|" + money(amount(basket));
                })
                .toList();
    }

    /** Customer, number of transactions that buy, their money, that of the biggest one, products of one on average, date of the last. */
    public List<String> customers() {
        Map<String, List<List<Sale>>> customers = new TreeMap<>();
        buying().forEach(basket -> basket.get(0)
                .customer()
                .ifPresent(customer -> customers
                        .computeIfAbsent(customer, key -> new ArrayList<>())
                        .add(basket)));
        List<String> rows = new ArrayList<>();
        customers.forEach((customer, baskets) -> rows.add(customer + "|" + baskets.size() + "|"
                + money(baskets.stream().mapToLong(SalesTruth::amount).sum()) + "|"
                + money(baskets.stream().mapToLong(SalesTruth::amount).max().orElseThrow()) + "|"
                + ratio(baskets.stream().mapToLong(SalesTruth::products).sum(), baskets.size()) + "|"
                + baskets.stream()
                        .map(basket -> date(basket.get(0)))
                        .max(Comparator.naturalOrder())
                        .orElseThrow()));
        return rows;
    }

    /** The lines of each transaction that buys, in the order of their numbers. */
    private Stream<List<Sale>> buying() {
        return sales.stream()
                .filter(sale -> !sale.cancels())
                .collect(Collectors.groupingBy(Sale::transaction, TreeMap::new, Collectors.toList()))
                .values()
                .stream();
    }

    private static long bought(List<Sale> group) {
        return group.stream()
                .filter(sale -> !sale.cancels())
                .mapToLong(Sale::quantity)
                .sum();
    }

    private static long back(List<Sale> group) {
        return -group.stream().filter(Sale::cancels).mapToLong(Sale::quantity).sum();
    }

    private static long products(List<Sale> basket) {
        return basket.stream().map(Sale::product).distinct().count();
    }

    private static long amount(List<Sale> group) {
        return group.stream().mapToLong(Sale::amount).sum();
    }

    /** With six digits behind the point. */
    private static String ratio(long part, long whole) {
        return BigDecimal.valueOf(part)
                .divide(BigDecimal.valueOf(whole), 6, RoundingMode.HALF_UP)
                .toPlainString();
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
