package dev.igarape.model.compile.yaml;

import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceLocation;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reader of a project's YAML files: YAML 1.2, in which {@code yes} and {@code 2024-01-01} are strings. */
public final class YamlFile {
    private static final int DEEPEST = 50;

    /** The byte order mark that some editors write. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private YamlFile() {}

    /**
     * The mapping that the file holds; where it holds none, says why.
     *
     * @param start how such a file begins, for remedies
     */
    public static Optional<YamlMap> read(Path file, String name, String start, Diagnostics diagnostics) {
        return text(file, name, diagnostics).flatMap(text -> parse(text, name, start, diagnostics));
    }

    /** The file's text; where it can't be read, says why. */
    public static Optional<String> text(Path file, String name, Diagnostics diagnostics) {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return Optional.of(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            diagnostics.add(SourceLocation.ofFile(name), "is not UTF-8 text", "Save it as UTF-8.");
        } catch (IOException e) {
            diagnostics.add(
                    SourceLocation.ofFile(name), "cannot be read: " + e, "Check that it is a file that you may read.");
        }
        return Optional.empty();
    }

    private static Optional<YamlMap> parse(String text, String name, String start, Diagnostics diagnostics) {
        LoadSettings settings = LoadSettings.builder().setLabel(name).build();
        try {
            if (isTooDeep(text, settings)) {
                diagnostics.add(SourceLocation.ofFile(name), "nests more than " + DEEPEST + " levels", "Flatten it.");
                return Optional.empty();
            }
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                diagnostics.add(SourceLocation.ofFile(name), "is empty", "Start with `" + start + "`.");
                return Optional.empty();
            }
            if (root.get() instanceof MappingNode mapping) {
                return Optional.of(new YamlMap(mapping, name, diagnostics));
            }
            diagnostics.add(new SourceLocation(name, 1, 1), "holds no mapping", "Start with `" + start + "`.");
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            diagnostics.add(
                    new SourceLocation(
                            name,
                            mark.map(m -> m.getLine() + 1).orElse(0),
                            mark.map(m -> m.getColumn() + 1).orElse(0)),
                    "is not YAML: " + e.getProblem().replaceAll("\\s+", " "),
                    "Check indentation, quotes and colons here and just before.");
        } catch (YamlEngineException e) {
            diagnostics.add(
                    SourceLocation.ofFile(name),
                    "is not YAML: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "),
                    "Check indentation, quotes and colons.");
        }
        return Optional.empty();
    }

    private static boolean isTooDeep(String text, LoadSettings settings) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            if (event instanceof CollectionStartEvent) {
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (depth > DEEPEST) {
                return true;
            }
        }
        return false;
    }
}
