package dev.igarape.api.random;

import dev.igarape.api.http.Problem;
import dev.igarape.api.http.ProblemException;
import dev.igarape.api.http.Query;
import dev.igarape.api.http.Sanitized;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Optional;
import java.util.Set;

/**
 * The parsed query of a request for random rows.
 *
 * @param first the first row, counted from 0
 * @param end the row after the last
 */
record RandomRequest(RandomDataset dataset, LocalDate date, long seed, int first, int end) {
    static final Set<String> PARAMETERS = Set.of("date", "count", "seed", "page", "page_size");
    static final int MAX_COUNT = 100_000;
    private static final int DEFAULT_COUNT = 100;
    private static final int DEFAULT_PAGE_SIZE = 1_000;
    private static final int MAX_PAGE = 1_000_000;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withResolverStyle(ResolverStyle.STRICT);

    /** @throws ProblemException 400 for a parameter that can't be used, 404 for an unknown dataset */
    static RandomRequest parse(String name, Query query) {
        RandomDataset dataset = RandomDataset.of(name)
                .orElseThrow(() -> Problem.of(
                                404,
                                "unknown-dataset",
                                "There is no such dataset",
                                "'" + Sanitized.of(name) + "' is no dataset. There are: insights, appclickstream.")
                        .toException());
        LocalDate date = date(query.text("date"));
        int count = query.integer("count", 0, MAX_COUNT).orElse(DEFAULT_COUNT);
        long given = query.signed("seed").orElse(0L);
        long seed = SplitMix.seed(dataset.id() + '|' + date + '|' + given);
        Optional<Integer> page = query.integer("page", 1, MAX_PAGE);
        Optional<Integer> pageSize = query.integer("page_size", 1, MAX_COUNT);
        if (page.isEmpty() && pageSize.isEmpty()) {
            return new RandomRequest(dataset, date, seed, 0, count);
        }
        long size = pageSize.orElse(DEFAULT_PAGE_SIZE);
        long first = Math.min(count, (page.orElse(1) - 1) * size);
        return new RandomRequest(dataset, date, seed, (int) first, (int) Math.min(count, first + size));
    }

    private static LocalDate date(Optional<String> text) {
        if (text.isEmpty()) {
            throw Problem.badParameter("date is missing. Give a day as YYYY-MM-DD.")
                    .toException();
        }
        try {
            if (text.get().matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
                return LocalDate.parse(text.get(), DATE);
            }
        } catch (DateTimeException e) {
            throw Problem.badParameter("date is '" + text.get() + "', a day that the calendar does not have. "
                            + "Give a day as YYYY-MM-DD.")
                    .toException();
        }
        throw Problem.badParameter("date is '" + Sanitized.of(text.get()) + "'. Give a day as YYYY-MM-DD.")
                .toException();
    }

    int rows() {
        return end - first;
    }

    /** A JSON array on one line, without a line break at its end. */
    byte[] body() {
        StringBuilder json = new StringBuilder(2 + rows() * 110);
        json.append('[');
        for (int row = first; row < end; row++) {
            if (row > first) {
                json.append(',');
            }
            dataset.append(json, SplitMix.ofRow(seed, row), date);
        }
        return json.append(']').toString().getBytes(StandardCharsets.UTF_8);
    }
}
