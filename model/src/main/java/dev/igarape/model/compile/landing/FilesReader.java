package dev.igarape.model.compile.landing;

import dev.igarape.model.Source;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.compile.yaml.YamlMap;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reader of {@code landing: {files: …}}. */
final class FilesReader {
    private static final List<String> FORMATS = List.of("csv", "json", "text", "avro", "parquet");
    private static final Pattern DAYS = Pattern.compile("([0-9]{1,4}) days?");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z][A-Z0-9_]*}");
    private static final Pattern PATH = Pattern.compile("([a-z][a-z0-9+.-]*://[^/\\s]*)?(/[^/\\s]+)+");
    private static final String PATH_REMEDY =
            "Write a folder and a pattern for its files, such as /landing/orders/{date}/*.csv.";
    private static final String HEADER_REMEDY =
            "List the names of the columns, each once, where the files have no line of names: `header: [id, name]`.";

    private static final String ENCODING_REMEDY =
            "Use the IANA name of a character set, such as utf-8, windows-1252, iso-8859-1 or utf-16.";

    /** Common character sets, for suggestions; Java knows hundreds more. */
    private static final List<String> ENCODINGS = List.of(
            "utf-8",
            "utf-16",
            "utf-16le",
            "utf-16be",
            "us-ascii",
            "iso-8859-1",
            "iso-8859-15",
            "windows-1250",
            "windows-1251",
            "windows-1252",
            "ibm850",
            "ibm1047",
            "shift_jis",
            "gb18030");

    /** A wildcard in a folder of a path. */
    private static final Pattern FOLDER_WILDCARD = Pattern.compile("[*?\\[][^/]*/");

    private final Diagnostics diagnostics;

    FilesReader(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    Optional<Source> read(YamlMap files) {
        files.allow(
                "files",
                List.of("path", "format", "delimiter", "header", "encoding", "envelope", "overlap"),
                Map.of("lookback", "Write `overlap`: how long before the newest date folders are looked into."));
        Optional<SourceText> path = files.required("path", PATH_REMEDY);
        boolean captured = files.has("envelope");
        Set<String> placeholders = path.map(text -> new PathPlaceholders(diagnostics).check(text, captured))
                .orElse(Set.of());
        path.ifPresent(this::path);
        Optional<SourceText> format = files.required("format", Suggestion.useOneOf(FORMATS));
        format.filter(text -> !FORMATS.contains(text.value()))
                .ifPresent(text -> diagnostics.add(
                        text.location(),
                        "unknown format '" + text.value() + "'" + Suggestion.didYouMean(text.value(), FORMATS),
                        Suggestion.useOneOf(FORMATS)));
        boolean csv = format.filter(text -> text.value().equals("csv")).isPresent();
        for (String key : List.of("delimiter", "header")) {
            if (format.isPresent() && !csv && files.has(key)) {
                diagnostics.add(files.location(key), "'" + key + "' is for CSV", "Take it out.");
            }
        }
        boolean binary = format.filter(
                        text -> List.of(Source.Files.AVRO, Source.Files.PARQUET).contains(text.value()))
                .isPresent();
        if (binary && files.has("encoding")) {
            diagnostics.add(files.location("encoding"), "'encoding' is for text", "Take it out.");
        }
        String delimiter = delimiter(files);
        List<String> header = header(files);
        String encoding = encoding(files);
        Optional<String> envelope = envelope(files, format, path, placeholders);
        Optional<Integer> overlap = overlap(files, path, placeholders);
        return path.flatMap(p -> format.map(f -> new Source.Files(
                p.value(), f.value(), csv ? delimiter : "", header, binary ? "" : encoding, envelope, overlap)));
    }

    private Optional<String> envelope(
            YamlMap files, Optional<SourceText> format, Optional<SourceText> path, Set<String> placeholders) {
        List<String> known = List.of(Source.Files.EVENT_HUBS);
        Optional<SourceText> envelope = files.text("envelope", Suggestion.useOneOf(known));
        envelope.filter(text -> !known.contains(text.value()))
                .ifPresent(text -> diagnostics.add(
                        text.location(),
                        "unknown envelope '" + text.value() + "'" + Suggestion.didYouMean(text.value(), known),
                        Suggestion.useOneOf(known)));
        if (envelope.isPresent() && format.isPresent() && !format.get().value().equals(Source.Files.AVRO)) {
            diagnostics.add(
                    envelope.get().location(),
                    "envelope " + envelope.get().value() + " with format "
                            + format.get().value(),
                    "Captures are Avro: use format avro.");
        }
        if (envelope.isPresent() && path.isPresent() && !placeholders.contains("PartitionId")) {
            diagnostics.add(
                    path.get().location(),
                    "the path of captures names no {PartitionId}, without which sequence numbers say nothing",
                    "Write the path as the capture's own pattern, such as"
                            + " /capture/{Namespace}/{EventHub}/{PartitionId}/{yyyy}/{MM}/{dd}/{HH}/{mm}/{ss}.avro.");
        }
        boolean severalHubs = envelope.isPresent()
                && !placeholders.contains("EventHub")
                && path.filter(text -> FOLDER_WILDCARD.matcher(text.value()).find())
                        .isPresent();
        if (severalHubs) {
            diagnostics.add(
                    path.get().location(),
                    "folders of the path match any name, so the captures may be of several event hubs, whose sequence"
                            + " numbers are the same",
                    "Write {EventHub} in the place of the folder that bears its name.");
        }
        return envelope.map(SourceText::value);
    }

    private Optional<Integer> overlap(YamlMap files, Optional<SourceText> path, Set<String> placeholders) {
        String remedy = "Write days, such as `overlap: 7 days`.";
        Optional<SourceText> overlap = files.text("overlap", remedy);
        Optional<Integer> days = overlap.flatMap(text -> days(text.value()));
        if (overlap.isPresent() && days.isEmpty()) {
            diagnostics.add(overlap.get().location(), "'" + overlap.get().value() + "' is no number of days", remedy);
        }
        if (overlap.isPresent() && path.isPresent() && !placeholders.contains("date") && !placeholders.contains("dd")) {
            diagnostics.add(
                    overlap.get().location(),
                    "'overlap' with a path without dates, which is looked into as a whole",
                    "Take it out.");
        }
        return days;
    }

    private static Optional<Integer> days(String text) {
        Matcher days = DAYS.matcher(text);
        return days.matches() ? Optional.of(Integer.parseInt(days.group(1))) : Optional.empty();
    }

    private void path(SourceText path) {
        String filled = VARIABLE.matcher(path.value()).replaceAll("v");
        if (path.value().startsWith("${")) {
            filled = "/" + filled;
        }
        String plain = PathPlaceholders.without(filled);
        if (!PATH.matcher(plain).matches() || plain.contains("/../") || plain.endsWith("/..")) {
            diagnostics.add(
                    path.location(), "'" + path.value() + "' is no path from the root of a file system", PATH_REMEDY);
        }
    }

    private String delimiter(YamlMap files) {
        Optional<SourceText> delimiter = files.has("delimiter") ? files.raw("delimiter") : Optional.empty();
        delimiter
                .filter(text ->
                        text.value().length() != 1 || text.value().charAt(0) > 127 || "\"\r\n".contains(text.value()))
                .ifPresent(text -> diagnostics.add(
                        text.location(),
                        "'" + text.value() + "' can't separate cells",
                        "Use one character, such as \";\" or \"\\t\"."));
        return delimiter.map(SourceText::value).orElse(",");
    }

    /** The canonical name of a character set, so that another alias does not change the definition hash. */
    private String encoding(YamlMap files) {
        Optional<SourceText> encoding = files.text("encoding", ENCODING_REMEDY);
        Optional<Charset> charset = encoding.flatMap(text -> charset(text.value()));
        if (encoding.isPresent() && charset.isEmpty()) {
            String value = encoding.get().value();
            diagnostics.add(
                    encoding.get().location(),
                    "unknown encoding '" + value + "'" + Suggestion.didYouMean(value, ENCODINGS),
                    ENCODING_REMEDY);
        }
        return charset.orElse(StandardCharsets.UTF_8).name();
    }

    /** A character set that can also be written, without which its line ends would not be known. */
    private static Optional<Charset> charset(String name) {
        try {
            return Optional.of(Charset.forName(name)).filter(Charset::canEncode);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private List<String> header(YamlMap files) {
        List<SourceText> names = files.has("header") ? files.requiredTexts("header", HEADER_REMEDY) : List.of();
        HashSet<String> seen = new HashSet<>();
        for (SourceText name : names) {
            if (!seen.add(name.value())) {
                diagnostics.add(name.location(), "column " + name.value() + " is given twice", HEADER_REMEDY);
            }
        }
        return names.stream().map(SourceText::value).toList();
    }
}
