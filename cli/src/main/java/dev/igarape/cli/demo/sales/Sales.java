package dev.igarape.cli.demo.sales;

import dev.igarape.model.DateRange;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/**
 * Invents the sales of a British online shop: one transaction in fifty cancels an earlier one, and nine of ten go to one country, as
 * in the records of such a shop, <a href="https://archive.ics.uci.edu/dataset/352/online+retail">Online Retail</a> of the UCI
 * repository, where it is 1.7 % of 541,909 rows, and 91 %. One transaction in a hundred is of nobody known: the copy of such records
 * on Kaggle has fewer, UCI's a quarter of all rows. Weekends are busier and the shop grows, so that there is something to forecast.
 */
public final class Sales {
    private static final List<String> COUNTRIES = List.of("Brazil", "France", "Germany", "Portugal", "Spain");
    private static final String HOME = "United Kingdom";
    private static final List<String> COLOURS = List.of("Red", "Blue", "Green", "Ivory", "Pink");
    private static final List<String> THINGS =
            List.of("Tea Towel", "Lunch Bag", "Candle", "Cake Tin", "Hand Warmer", "Bunting");
    private static final int CUSTOMERS = 60;
    private static final int OPENING_HOUR = 8;
    private static final int OPEN_SECONDS = 11 * 3600;

    private final DateRange dates;
    private final int perDay;
    private final Random random;
    private final List<Sale> sales = new ArrayList<>();
    private int transactions;
    private int cancellations;

    private Sales(DateRange dates, int perDay, Random random) {
        this.dates = dates;
        this.perDay = perDay;
        this.random = random;
    }

    /**
     * Each sale once; the same arguments give the same sales.
     *
     * @param perDay about how many transactions a day has
     */
    public static List<Sale> of(DateRange dates, int perDay, long seed) {
        Sales sales = new Sales(dates, perDay, new Random(seed));
        sales.invent();
        return List.copyOf(sales.sales);
    }

    private void invent() {
        for (LocalDate date = dates.from(); date.isBefore(dates.to()); date = date.plusDays(1)) {
            long age = ChronoUnit.DAYS.between(dates.from(), date);
            boolean weekend = date.getDayOfWeek().getValue() > 5;
            long count = perDay + age + (weekend ? perDay / 2 : 0) + random.nextInt(Math.max(1, perDay / 8));
            for (long i = 0; i < count; i++) {
                LocalDateTime at = date.atTime(OPENING_HOUR, 0).plusSeconds(random.nextInt(OPEN_SECONDS));
                if (random.nextInt(50) == 0 && !sales.isEmpty()) {
                    cancel(date);
                } else {
                    transaction(at);
                }
            }
        }
    }

    private void transaction(LocalDateTime at) {
        String number = Integer.toString(536_365 + transactions++);
        Optional<String> customer = random.nextInt(100) == 0
                ? Optional.empty()
                : Optional.of(Integer.toString(12_346 + random.nextInt(CUSTOMERS)));
        String country = random.nextInt(10) > 0 ? HOME : COUNTRIES.get(random.nextInt(COUNTRIES.size()));
        TreeSet<Integer> products = new TreeSet<>();
        int lines = 1 + random.nextInt(4);
        while (products.size() < lines) {
            products.add(random.nextInt(COLOURS.size() * THINGS.size()));
        }
        for (int product : products) {
            String name = COLOURS.get(product % COLOURS.size()) + " " + THINGS.get(product / COLOURS.size());
            long cents = 600 + 125L * product;
            sales.add(new Sale(
                    number,
                    at,
                    Integer.toString(22_000 + product),
                    name,
                    cents,
                    1 + random.nextInt(12),
                    customer,
                    country));
        }
    }

    /** Somebody sends back what an earlier line says, or part of it, after the shop has closed. */
    private void cancel(LocalDate date) {
        Sale bought = sales.get(random.nextInt(sales.size()));
        if (!bought.cancels()) {
            long back = 1 + random.nextInt((int) bought.quantity());
            sales.add(new Sale(
                    "C" + (1 + cancellations++ + 536_000),
                    date.atTime(OPENING_HOUR, 0).plusSeconds(OPEN_SECONDS + random.nextInt(3600)),
                    bought.product(),
                    bought.name(),
                    bought.cents(),
                    -back,
                    bought.customer(),
                    bought.country()));
        }
    }
}
