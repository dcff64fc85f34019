package dev.igarape.cli.demo.shop;

import dev.igarape.cli.demo.sales.Sale;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The sales that come by phone: rows of the shop's database. Some are written down late, with a wrong quantity that is mended
 * afterwards, or withdrawn.
 */
final class Orders {
    private static final String CREATE = """
            CREATE TABLE IF NOT EXISTS shop_orders (
              order_line bigint PRIMARY KEY,
              transaction_no text NOT NULL,
              sold_at timestamptz NOT NULL,
              product_no text NOT NULL,
              product_name text NOT NULL,
              price numeric(10,2) NOT NULL,
              quantity int NOT NULL,
              customer_no text,
              country text NOT NULL)""";
    private static final String TOUCH =
            "UPDATE shop_orders SET quantity = quantity WHERE order_line = (SELECT max(order_line) FROM shop_orders)";
    /** Lines from here on are withdrawn later. */
    private static final int WITHDRAWN = 1_000_000;
    /** How many times too much a wrong quantity is. */
    private static final int SLIP = 10;

    private final List<Sale> sales;
    private final LocalDate second;
    private final List<Integer> late;
    private final List<Integer> slips;
    private final List<Integer> withdrawn;

    /**
     * @param sales those for which {@link #takes} holds
     * @param second the first date of the second part
     */
    Orders(List<Sale> sales, LocalDate second, Random random) {
        this.sales = List.copyOf(sales);
        this.second = second;
        this.late = some(20, random);
        this.slips = some(10, random);
        this.withdrawn = some(20, random);
    }

    /** Places of sales, one in so many. */
    private List<Integer> some(int share, Random random) {
        return IntStream.range(0, sales.size())
                .filter(place -> random.nextInt(share) == 0)
                .boxed()
                .toList();
    }

    /** Whether a sale comes by phone: one transaction in five. What is sent back never does. */
    static boolean takes(Sale sale) {
        return !sale.cancels() && Integer.parseInt(sale.transaction()) % 5 == 0;
    }

    /** What the shop's programs do before the first run, and what before the second; again, it ends with the same rows. */
    List<List<String>> statements() {
        List<String> first = new ArrayList<>();
        List<String> then = new ArrayList<>();
        for (int place = 0; place < sales.size(); place++) {
            Sale sale = sales.get(place);
            boolean inFirst = sale.at().toLocalDate().isBefore(second) && !late.contains(place);
            (inFirst ? first : then).add(row(place, sale, sale.quantity() * (slips.contains(place) ? SLIP : 1)));
            if (withdrawn.contains(place)) {
                (inFirst ? first : then).add(row(WITHDRAWN + place, sale, 1));
            }
        }
        List<String> last = new ArrayList<>(List.of(insert(then)));
        slips.forEach(place -> last.add("UPDATE shop_orders SET quantity = %d WHERE order_line = %d"
                .formatted(sales.get(place).quantity(), place)));
        last.add("DELETE FROM shop_orders WHERE order_line >= " + WITHDRAWN);
        last.add(TOUCH);
        return List.of(List.of(CREATE, insert(first), TOUCH), last);
    }

    private static String insert(List<String> rows) {
        return "INSERT INTO shop_orders VALUES " + String.join(", ", rows)
                + " ON CONFLICT (order_line) DO UPDATE SET quantity = EXCLUDED.quantity";
    }

    private static String row(int line, Sale sale, long quantity) {
        return List.of(
                        Integer.toString(line),
                        text(sale.transaction()),
                        text(sale.at() + "Z"),
                        text(sale.product()),
                        text(sale.name()),
                        price(sale),
                        Long.toString(quantity),
                        sale.customer().map(Orders::text).orElse("NULL"),
                        text(sale.country()))
                .stream()
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    private static String price(Sale sale) {
        return BigDecimal.valueOf(sale.cents(), 2).toPlainString();
    }

    List<Sale> sales() {
        return sales;
    }

    /** Line, transaction, product, price, quantity and customer of what stands in the end, with bars between them. */
    List<String> rows() {
        return IntStream.range(0, sales.size())
                .mapToObj(place -> {
                    Sale sale = sales.get(place);
                    return String.join(
                            "|",
                            Integer.toString(place),
                            sale.transaction(),
                            sale.product(),
                            price(sale),
                            Long.toString(sale.quantity()),
                            sale.customer().orElse("null"));
                })
                .toList();
    }
}
