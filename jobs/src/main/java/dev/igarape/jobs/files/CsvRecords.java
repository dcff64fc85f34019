package dev.igarape.jobs.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CSV as RFC 4180 has it: cells with delimiters, quotes or line ends stand in double quotes, and quotes in them are
 * doubled. Where the quotes are broken, the line on which that record begins is given up, and reading goes on with the
 * next line, so that one bad quote costs one line and not the rest of the file.
 */
final class CsvRecords implements Records {
    /** How far a quote that nothing closes is looked for. */
    private static final int LONGEST_RECORD = 16 << 20;

    private final Lines lines;
    private final char delimiter;
    private List<String> columns;
    private Optional<String> headerFault = Optional.empty();
    private boolean atStart = true;

    /** @param header the columns; empty: the first line names them */
    CsvRecords(Lines lines, char delimiter, List<String> header) {
        this.lines = lines;
        this.delimiter = delimiter;
        this.columns = header;
    }

    @Override
    public Optional<FileRecord> next() throws IOException {
        while (true) {
            Optional<byte[]> line = lines.next();
            if (line.isEmpty()) {
                return Optional.empty();
            }
            byte[] first = atStart ? Utf8.withoutMark(line.get()) : line.get();
            boolean header = atStart && columns.isEmpty();
            if (Lines.isBlank(first)) {
                continue;
            }
            atStart = false;
            long number = lines.number();
            if (headerFault.isPresent()) {
                return Optional.of(
                        new FileRecord.Bad(number, Rule.BAD_HEADER, headerFault.get(), Lines.bare(line.get())));
            }
            Parsed parsed = parse(first);
            if (!header) {
                return Optional.of(record(number, parsed, line.get()));
            }
            headerFault = header(parsed);
            if (headerFault.isPresent()) {
                return Optional.of(
                        new FileRecord.Bad(number, Rule.BAD_HEADER, headerFault.get(), Lines.bare(line.get())));
            }
        }
    }

    private Optional<String> header(Parsed parsed) {
        if (parsed.fault().isPresent()) {
            return Optional.of("the line of column names: " + parsed.fault().get());
        }
        List<String> names = new ArrayList<>();
        for (Cell cell : parsed.cells()) {
            Optional<String> name = Utf8.decode(cell.bytes());
            if (name.isEmpty() || name.get().isBlank()) {
                return Optional.of("the line of column names has an empty one, or one that is not UTF-8");
            }
            names.add(name.get().strip());
        }
        if (new HashSet<>(names).size() < names.size()) {
            return Optional.of("the line of column names has one twice: " + String.join(", ", names));
        }
        columns = names;
        return Optional.empty();
    }

    private FileRecord record(long number, Parsed parsed, byte[] firstLine) {
        if (parsed.fault().isPresent()) {
            return new FileRecord.Bad(number, Rule.BROKEN_QUOTES, parsed.fault().get(), Lines.bare(firstLine));
        }
        byte[] raw = Lines.bare(parsed.raw());
        Optional<String> body = Utf8.decode(raw);
        if (body.isEmpty()) {
            return new FileRecord.Bad(number, Rule.NOT_UTF8, "it is not UTF-8 text", raw);
        }
        if (parsed.cells().size() != columns.size()) {
            return new FileRecord.Bad(
                    number,
                    Rule.CELL_COUNT,
                    "it has " + parsed.cells().size() + " cells where there are " + columns.size() + " columns",
                    raw);
        }
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            Cell cell = parsed.cells().get(i);
            boolean isNull = !cell.quoted() && cell.bytes().length == 0;
            row.put(columns.get(i), isNull ? null : Utf8.decode(cell.bytes()).orElseThrow());
        }
        return new FileRecord.Good(number, body.get(), Optional.of(row));
    }

    private record Cell(byte[] bytes, boolean quoted) {}

    /** A record's cells, or what is wrong with it; then all lines but the first are put back. */
    private record Parsed(List<Cell> cells, byte[] raw, Optional<String> fault) {}

    private Parsed parse(byte[] firstLine) throws IOException {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        raw.writeBytes(firstLine);
        List<byte[]> more = new ArrayList<>();
        List<Cell> cells = new ArrayList<>();
        Scan scan = new Scan(cells);
        byte[] line = firstLine;
        while (true) {
            Optional<String> fault = scan.line(line);
            if (fault.isEmpty() && !scan.isInQuotes()) {
                return new Parsed(cells, raw.toByteArray(), Optional.empty());
            }
            if (fault.isEmpty()) {
                Optional<byte[]> following = raw.size() > LONGEST_RECORD ? Optional.empty() : lines.next();
                if (following.isPresent()) {
                    line = following.get();
                    more.add(line);
                    raw.writeBytes(line);
                    continue;
                }
                fault = Optional.of("nothing closes the quote of cell " + (cells.size() + 1));
            }
            for (int i = more.size() - 1; i >= 0; i--) {
                lines.putBack(more.get(i));
            }
            return new Parsed(List.of(), firstLine, fault);
        }
    }

    /** Goes through a record byte by byte; UTF-8 has no byte of ASCII inside another character. */
    private final class Scan {
        private final List<Cell> cells;
        private final ByteArrayOutputStream cell = new ByteArrayOutputStream();
        private boolean inQuotes;
        private boolean closed;
        private boolean plain;

        Scan(List<Cell> cells) {
            this.cells = cells;
        }

        boolean isInQuotes() {
            return inQuotes;
        }

        /** Takes one more line; gives what is wrong with it. */
        Optional<String> line(byte[] line) {
            int end = Lines.bare(line).length;
            int at = 0;
            while (at < line.length) {
                byte b = line[at];
                if (inQuotes) {
                    boolean doubled = b == '"' && at + 1 < line.length && line[at + 1] == '"';
                    if (b == '"' && !doubled) {
                        inQuotes = false;
                        closed = true;
                    } else {
                        cell.write(b);
                        at += doubled ? 1 : 0;
                    }
                } else if (at >= end) {
                    break;
                } else if (b == delimiter) {
                    finish();
                } else if (closed) {
                    return Optional.of("text follows the closing quote of cell " + (cells.size() + 1));
                } else if (b == '"' && plain) {
                    return Optional.of("a quote stands inside cell " + (cells.size() + 1) + ", which is not quoted");
                } else if (b == '"') {
                    inQuotes = true;
                } else {
                    plain = true;
                    cell.write(b);
                }
                at++;
            }
            if (!inQuotes) {
                finish();
            }
            return Optional.empty();
        }

        private void finish() {
            cells.add(new Cell(cell.toByteArray(), closed));
            cell.reset();
            closed = false;
            plain = false;
        }
    }
}
