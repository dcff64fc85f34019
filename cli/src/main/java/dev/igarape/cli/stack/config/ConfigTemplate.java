package dev.igarape.cli.stack.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Fills in configuration files that have {@code ${NAME}} in them. */
public final class ConfigTemplate {
    private static final Pattern NAME = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)}");

    private ConfigTemplate() {}

    /** Writes the filled-in copy of a file. */
    public static void fill(Path template, Path target, Map<String, String> values) {
        try {
            String text = Files.readString(template);
            boolean xml = template.toString().endsWith(".xml");
            writeAtomically(target, fill(text, values, xml, template.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the filled-in copy of a file behind what stands in another; of properties, the last of a name counts. */
    public static void append(Path template, Path target, Map<String, String> values) {
        try {
            String text = fill(Files.readString(template), values, false, template.toString());
            writeAtomically(target, Files.readString(target) + text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the filled-in copy of one of Hadoop's files, with properties behind its own; of a name, the last one counts. */
    public static void fillSite(
            Path template, Path target, Map<String, String> values, Map<String, String> properties) {
        StringBuilder added = new StringBuilder();
        new TreeMap<>(properties)
                .forEach((name, value) -> added.append("  <property>\n    <name>")
                        .append(escapeXml(name))
                        .append("</name>\n    <value>")
                        .append(escapeXml(value))
                        .append("</value>\n  </property>\n"));
        try {
            String text = fill(Files.readString(template), values, true, template.toString());
            int end = text.lastIndexOf("</configuration>");
            writeAtomically(target, text.substring(0, end) + added + text.substring(end));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes filled-in copies of all files in a folder and below, except for READMEs. */
    public static void fillAll(Path templates, Path target, Map<String, String> values) {
        try (Stream<Path> walk = Files.walk(templates)) {
            walk.filter(file -> Files.isRegularFile(file) && !file.toString().endsWith(".md"))
                    .forEach(file -> fill(file, target.resolve(templates.relativize(file)), values));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String fill(String text, Map<String, String> values, boolean xml, String source) {
        return NAME.matcher(text).replaceAll(match -> {
            String value = values.get(match.group(1));
            if (value == null) {
                throw new IllegalStateException("%s wants ${%s}, which nobody sets".formatted(source, match.group(1)));
            }
            return Matcher.quoteReplacement(xml ? escapeXml(value) : value);
        });
    }

    /** Writes a file atomically. */
    public static void writeAtomically(Path target, String text) throws IOException {
        Files.createDirectories(target.getParent());
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        Files.writeString(temporary, text);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String escapeXml(String value) {
        return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
