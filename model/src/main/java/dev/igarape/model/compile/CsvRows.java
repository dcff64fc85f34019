package dev.igarape.model.compile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.model.Json;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;

/** Rows of a CSV file with a line of column names: every cell is text; an empty one is null, {@code ""} empty text. */
final class CsvRows {
    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setNullString("")
            .setQuoteMode(QuoteMode.ALL_NON_NULL)
            .setIgnoreEmptyLines(true)
            .build();

    private CsvRows() {}

    /** The rows; reports what is not CSV. */
    static List<ObjectNode> read(String text, String name, Faults faults) {
        List<ObjectNode> rows = new ArrayList<>();
        try (CSVParser parser = CSVParser.parse(new StringReader(text), FORMAT)) {
            List<String> columns = new ArrayList<>();
            for (CSVRecord line : parser) {
                Place place = new Place(name, (int) parser.getCurrentLineNumber(), 0);
                if (columns.isEmpty()) {
                    line.forEach(column -> columns.add(String.valueOf(column)));
                    if (new TreeSet<>(columns).size() < columns.size()) {
                        faults.add(place, "two columns have one name", "Give each column its own.");
                        return List.of();
                    }
                    continue;
                }
                if (line.size() != columns.size()) {
                    faults.add(
                            place,
                            "a row has " + line.size() + " cells, but there are " + columns.size() + " columns",
                            "Put cells with commas or quotes in double quotes.");
                    continue;
                }
                ObjectNode row = Json.mapper().createObjectNode();
                for (int i = 0; i < columns.size(); i++) {
                    row.put(columns.get(i), line.get(i));
                }
                rows.add(row);
            }
        } catch (IOException | UncheckedIOException e) {
            faults.add(
                    Place.whole(name),
                    "is not CSV: " + ExpectationReader.sentence(e.getMessage()),
                    "Put cells with commas or quotes in double quotes, and double the quotes in them.");
        }
        return rows;
    }
}
