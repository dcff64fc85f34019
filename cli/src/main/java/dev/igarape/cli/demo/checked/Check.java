package dev.igarape.cli.demo.checked;

import java.util.List;

/**
 * What a table has to show.
 *
 * @param table as people know it
 * @param sql for Trino, with an order
 * @param truth the rows, each as its values with bars between them
 */
public record Check(String table, String sql, List<String> truth) {
    public Check {
        truth = List.copyOf(truth);
    }
}
