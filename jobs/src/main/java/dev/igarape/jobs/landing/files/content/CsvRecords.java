package dev.igarape.jobs.landing.files.content;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CSV according to RFC 4180: cells that contain delimiters, quotes or line ends are in double quotes, and quotes in
 * them are doubled. If the quotes of a record are broken, its first line is returned as invalid and reading continues
 * with the next line, so that a bad quote costs one line and not the rest of the file.
 *
 * <p>A line is blank if it is empty; a line of delimiters or spaces only is a record.
 */
public final class CsvRecords implements Records {
    /** Maximum size of a record, up to which a closing quote is looked for. */
    private static final int LONGEST_RECORD = 16 << 20;

    private final Lines lines;
    private final char delimiter;
    private List<String> columns;
    private Optional<String> headerFault = Optional.empty();

    /** @param header column names; empty: the first line contains them */
    public CsvRecords(Lines lines, char delimiter, List<String> header) {
        this.lines = lines;
        this.delimiter = delimiter;
        this.columns = header;
    }

    @Override
    public Optional<FileRecord> next() throws IOException {
        Optional<Line> next = lines.next();
        if (next.isEmpty()) {
            return Optional.empty();
        }
        Line line = next.get();
        if (line.isEmpty()) {
            return Optional.of(new FileRecord.Blank(line.number()));
        }
        if (headerFault.isPresent()) {
            return Optional.of(invalidHeader(line));
        }
        Parsed parsed = parse(line);
        if (!columns.isEmpty()) {
            return Optional.of(record(line, parsed));
        }
        headerFault = header(parsed);
        if (headerFault.isEmpty()) {
            return Optional.of(
                    new FileRecord.Structure(line.number(), parsed.lines().size()));
        }
        putBackAllButFirst(parsed.lines());
        return Optional.of(invalidHeader(line));
    }

    private FileRecord invalidHeader(Line line) {
        return new FileRecord.Invalid(
                line.number(), 1, FileRule.BAD_HEADER, headerFault.orElseThrow(), line.bareBytes());
    }

    private Optional<String> header(Parsed parsed) {
        if (parsed.fault().isPresent()) {
            return Optional.of("the line of column names: " + parsed.fault().get());
        }
        if (!parsed.isText()) {
            return Optional.of("the line of column names: " + lines.encoding().problem());
        }
        List<String> names = new ArrayList<>();
        for (Cell cell : parsed.cells()) {
            if (cell.text().isBlank()) {
                return Optional.of("the line of column names has an empty one");
            }
            names.add(cell.text().strip());
        }
        if (new HashSet<>(names).size() < names.size()) {
            return Optional.of("the line of column names has one twice: " + String.join(", ", names));
        }
        columns = names;
        return Optional.empty();
    }

    private FileRecord record(Line first, Parsed parsed) {
        long number = first.number();
        long count = parsed.lines().size();
        if (parsed.fault().isPresent()) {
            String fault = parsed.fault().get();
            return new FileRecord.Invalid(number, count, FileRule.BROKEN_QUOTES, fault, first.bareBytes());
        }
        if (!parsed.isText()) {
            String fault = lines.encoding().problem();
            return new FileRecord.Invalid(number, count, FileRule.BAD_ENCODING, fault, parsed.bareBytes());
        }
        if (parsed.cells().size() != columns.size()) {
            String fault = "it has " + parsed.cells().size() + " cells where there are " + columns.size() + " columns";
            return new FileRecord.Invalid(number, count, FileRule.CELL_COUNT, fault, parsed.bareBytes());
        }
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            Cell cell = parsed.cells().get(i);
            boolean isNull = !cell.quoted() && cell.text().isEmpty();
            row.put(columns.get(i), isNull ? null : cell.text());
        }
        return new FileRecord.Valid(number, count, parsed.bareText(), Optional.of(row));
    }

    private record Cell(String text, boolean quoted) {}

    /** The cells and lines of a record; with a fault, only its first line. */
    private record Parsed(List<Cell> cells, List<Line> lines, Optional<String> fault) {
        boolean isText() {
            return lines.stream().allMatch(Line::isText);
        }

        private Line last() {
            return lines.get(lines.size() - 1);
        }

        String bareText() {
            StringBuilder text = new StringBuilder();
            lines.subList(0, lines.size() - 1).forEach(line -> text.append(line.text()));
            return text.append(last().bareText()).toString();
        }

        byte[] bareBytes() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            lines.subList(0, lines.size() - 1).forEach(line -> bytes.writeBytes(line.bytes()));
            bytes.writeBytes(last().bareBytes());
            return bytes.toByteArray();
        }
    }

    private Parsed parse(Line first) throws IOException {
        List<Line> taken = new ArrayList<>();
        List<Cell> cells = new ArrayList<>();
        CellParser cellParser = new CellParser(cells);
        long size = 0;
        Line line = first;
        while (true) {
            taken.add(line);
            size += line.bytes().length;
            Optional<String> fault = cellParser.line(line);
            if (fault.isEmpty() && !cellParser.isInQuotes()) {
                return new Parsed(cells, taken, Optional.empty());
            }
            if (fault.isEmpty()) {
                Optional<Line> following = size > LONGEST_RECORD ? Optional.empty() : lines.next();
                if (following.isPresent()) {
                    line = following.get();
                    continue;
                }
                fault = Optional.of("nothing closes the quote of cell " + (cells.size() + 1));
            }
            putBackAllButFirst(taken);
            return new Parsed(List.of(), List.of(first), fault);
        }
    }

    private void putBackAllButFirst(List<Line> taken) {
        for (int i = taken.size() - 1; i > 0; i--) {
            lines.putBack(taken.get(i));
        }
    }

    /** Splits lines into cells. */
    private final class CellParser {
        private final List<Cell> cells;
        private final StringBuilder cell = new StringBuilder();
        private boolean inQuotes;
        private boolean closed;
        private boolean plain;

        CellParser(List<Cell> cells) {
            this.cells = cells;
        }

        boolean isInQuotes() {
            return inQuotes;
        }

        /** Parses one more line; returns what is wrong with it. */
        Optional<String> line(Line line) {
            String text = line.text();
            int end = text.length() - line.end().length();
            int at = 0;
            while (at < text.length()) {
                char c = text.charAt(at);
                if (inQuotes) {
                    boolean doubled = c == '"' && at + 1 < text.length() && text.charAt(at + 1) == '"';
                    if (c == '"' && !doubled) {
                        inQuotes = false;
                        closed = true;
                    } else {
                        cell.append(c);
                        at += doubled ? 1 : 0;
                    }
                } else if (at >= end) {
                    break;
                } else if (c == delimiter) {
                    finish();
                } else if (closed) {
                    return Optional.of("text follows the closing quote of cell " + (cells.size() + 1));
                } else if (c == '"' && plain) {
                    return Optional.of("a quote stands inside cell " + (cells.size() + 1) + ", which is not quoted");
                } else if (c == '"') {
                    inQuotes = true;
                } else {
                    plain = true;
                    cell.append(c);
                }
                at++;
            }
            if (!inQuotes) {
                finish();
            }
            return Optional.empty();
        }

        private void finish() {
            cells.add(new Cell(cell.toString(), closed));
            cell.setLength(0);
            closed = false;
            plain = false;
        }
    }
}
