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
import java.util.regex.Pattern;

/** Reader of {@code landing: {files: …}}. */
final class FilesReader {
    private static final List<String> FORMATS = List.of("csv", "json");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
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

    private final Diagnostics diagnostics;

    FilesReader(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    Optional<Source> read(YamlMap files) {
        files.allow("files", List.of("path", "format", "delimiter", "header", "encoding"), Map.of());
        Optional<SourceText> path = files.required("path", PATH_REMEDY);
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
        String delimiter = delimiter(files);
        List<String> header = header(files);
        String encoding = encoding(files);
        return path.flatMap(
                p -> format.map(f -> new Source.Files(p.value(), f.value(), csv ? delimiter : "", header, encoding)));
    }

    private void path(SourceText path) {
        String filled = VARIABLE.matcher(path.value()).replaceAll("v");
        if (path.value().startsWith("${")) {
            filled = "/" + filled;
        }
        String plain = PLACEHOLDER.matcher(filled.replaceFirst("\\{date}", "d")).replaceAll("");
        boolean other = !plain.equals(filled.replaceFirst("\\{date}", "d"));
        if (other || plain.contains("{") || plain.contains("}")) {
            diagnostics.add(
                    path.location(),
                    "'" + path.value() + "' holds more than one {date}, or other braces",
                    "Write {date} once, and ${NAME} for variables of the target.");
        } else if (!PATH.matcher(plain).matches() || plain.contains("/../") || plain.endsWith("/..")) {
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
