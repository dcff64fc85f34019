package dev.igarape.model.compile.yaml;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceLocation;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.diagnostic.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A mapping of a YAML file, with typed access to its values. A value of the wrong type is reported when it is read and
 * counts as absent, so that one pass finds all errors.
 */
public final class YamlMap {
    private static final Set<Tag> NUMBERS_TOO = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL);

    private final String file;
    private final Diagnostics diagnostics;
    private final SourceLocation location;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, SourceLocation> keys = new LinkedHashMap<>();

    YamlMap(MappingNode node, String file, Diagnostics diagnostics) {
        this.file = file;
        this.diagnostics = diagnostics;
        this.location = placeOf(node);
        for (NodeTuple entry : node.getValue()) {
            SourceLocation keyPlace = placeOf(entry.getKeyNode());
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                diagnostics.add(keyPlace, "a key is a list or a mapping", "Write a plain word as key.");
            } else if (values.containsKey(key.getValue())) {
                diagnostics.add(
                        keyPlace,
                        "'" + key.getValue() + "' is given twice, first on line "
                                + keys.get(key.getValue()).line(),
                        "Keep one of them.");
            } else {
                values.put(key.getValue(), entry.getValueNode());
                keys.put(key.getValue(), keyPlace);
            }
        }
    }

    public SourceLocation location() {
        return location;
    }

    /** The keys in the order of the file. */
    public List<SourceText> keys() {
        List<SourceText> texts = new ArrayList<>();
        keys.forEach((key, where) -> texts.add(new SourceText(key, where)));
        return texts;
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** Where the key stands; the mapping's own place without it. */
    public SourceLocation location(String key) {
        return keys.getOrDefault(key, location);
    }

    /** Reports every key that is none of these. */
    public void allow(String what, List<String> allowed, Map<String, String> notYet) {
        for (SourceText key : keys()) {
            if (notYet.containsKey(key.value())) {
                diagnostics.add(
                        key.location(),
                        "'" + key.value() + "' is not supported yet by this version of Igarapé",
                        notYet.get(key.value()));
            } else if (!allowed.contains(key.value())) {
                diagnostics.add(
                        key.location(),
                        "unknown key '" + key.value() + "' in " + what + Suggestion.didYouMean(key.value(), allowed),
                        Suggestion.useOneOf(allowed));
            }
        }
    }

    /** Text that must be there. */
    public Optional<SourceText> required(String key, String remedy) {
        if (!has(key)) {
            diagnostics.add(location, "'" + key + "' is missing", remedy);
            return Optional.empty();
        }
        return text(key, remedy);
    }

    /** Text that may be there; empty text is reported. */
    public Optional<SourceText> text(String key, String remedy) {
        return scalar(key, Set.of(Tag.STR), remedy);
    }

    /** Text, a number, or true or false, as written. */
    public Optional<SourceText> anyScalar(String key, String remedy) {
        return scalar(key, NUMBERS_TOO, remedy);
    }

    /** Text that may be blank. */
    public Optional<SourceText> raw(String key) {
        Node node = values.get(key);
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
            return Optional.of(new SourceText(scalar.getValue(), placeOf(node)));
        }
        if (node != null) {
            diagnostics.add(
                    placeOf(node), "'" + key + "' is " + shape(node) + " where text belongs", "Put it in quotes.");
        }
        return Optional.empty();
    }

    /** A whole number in this range. */
    public Optional<Integer> number(String key, int min, int max) {
        Node node = values.get(key);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof ScalarNode scalar
                && scalar.getTag().equals(Tag.INT)
                && scalar.getValue().matches("-?[0-9]{1,9}")) {
            int value = Integer.parseInt(scalar.getValue());
            if (value >= min && value <= max) {
                return Optional.of(value);
            }
        }
        diagnostics.add(
                placeOf(node),
                "'" + key + "' is not a whole number from " + min + " to " + max,
                "Write such a number, without quotes.");
        return Optional.empty();
    }

    /** True or false. */
    public Optional<Boolean> flag(String key, String remedy) {
        Node node = values.get(key);
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
            return Optional.of(Boolean.parseBoolean(scalar.getValue()));
        }
        if (node != null) {
            diagnostics.add(placeOf(node), "'" + key + "' is " + shape(node) + " where true or false belongs", remedy);
        }
        return Optional.empty();
    }

    public Optional<YamlMap> map(String key, String remedy) {
        Node node = values.get(key);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof MappingNode mapping) {
            return Optional.of(new YamlMap(mapping, file, diagnostics));
        }
        diagnostics.add(placeOf(node), "'" + key + "' is " + shape(node) + " where a mapping belongs", remedy);
        return Optional.empty();
    }

    /** The mappings of a list; other items are reported. */
    public List<YamlMap> maps(String key, String remedy) {
        Node node = values.get(key);
        if (!(node instanceof SequenceNode sequence)) {
            if (node != null) {
                diagnostics.add(placeOf(node), "'" + key + "' is " + shape(node) + " where a list belongs", remedy);
            }
            return List.of();
        }
        List<YamlMap> maps = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            if (item instanceof MappingNode mapping) {
                maps.add(new YamlMap(mapping, file, diagnostics));
            } else {
                diagnostics.add(
                        placeOf(item), "an item of '" + key + "' is " + shape(item) + ", not a mapping", remedy);
            }
        }
        return maps;
    }

    /** Whether a mapping stands under this key. */
    public boolean isMap(String key) {
        return values.get(key) instanceof MappingNode;
    }

    /** Whether text stands under this key. */
    /** Whether the value is true or false. */
    public boolean isFlag(String key) {
        return values.get(key) instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL);
    }

    public boolean isText(String key) {
        return values.get(key) instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR);
    }

    /** The mappings of a list, as JSON; other items are reported. */
    public List<ObjectNode> objects(String key, String remedy) {
        Node node = values.get(key);
        if (!(node instanceof SequenceNode sequence)) {
            if (node != null) {
                diagnostics.add(placeOf(node), "'" + key + "' is " + shape(node) + " where a list belongs", remedy);
            }
            return List.of();
        }
        List<ObjectNode> objects = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            if (item instanceof MappingNode mapping) {
                // Reports keys that are given twice or are no words.
                new YamlMap(mapping, file, diagnostics);
                objects.add((ObjectNode) YamlJson.of(item));
            } else {
                diagnostics.add(placeOf(item), "a row of '" + key + "' is " + shape(item) + ", not a mapping", remedy);
            }
        }
        return objects;
    }

    /** The texts of a list that must be there and hold something. */
    public List<SourceText> requiredTexts(String key, String remedy) {
        Node node = values.get(key);
        if (node == null) {
            diagnostics.add(location, "'" + key + "' is missing", remedy);
        } else if (node instanceof SequenceNode sequence && sequence.getValue().isEmpty()) {
            diagnostics.add(location(key), "'" + key + "' is empty", remedy);
        }
        return texts(key, remedy);
    }

    /** The texts of a list; none where it is not there. */
    public List<SourceText> texts(String key, String remedy) {
        Node node = values.get(key);
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            diagnostics.add(placeOf(node), "'" + key + "' is " + shape(node) + " where a list belongs", remedy);
            return List.of();
        }
        List<SourceText> texts = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            if (item instanceof ScalarNode scalar
                    && scalar.getTag().equals(Tag.STR)
                    && !scalar.getValue().isBlank()) {
                texts.add(new SourceText(scalar.getValue(), placeOf(item)));
            } else {
                diagnostics.add(placeOf(item), "an item of '" + key + "' is " + shape(item) + ", not a word", remedy);
            }
        }
        return texts;
    }

    private Optional<SourceText> scalar(String key, Set<Tag> tags, String remedy) {
        Node node = values.get(key);
        if (node == null) {
            return Optional.empty();
        }
        if (!(node instanceof ScalarNode scalar)) {
            diagnostics.add(placeOf(node), "'" + key + "' is " + shape(node) + " where text belongs", remedy);
            return Optional.empty();
        }
        if (scalar.getTag().equals(Tag.NULL) || scalar.getValue().isBlank()) {
            diagnostics.add(location(key), "'" + key + "' is empty", remedy);
            return Optional.empty();
        }
        if (!tags.contains(scalar.getTag())) {
            diagnostics.add(
                    placeOf(node),
                    "'" + key + "' is " + shape(node) + " where text belongs",
                    "Put it in quotes if it is meant as text. " + remedy);
            return Optional.empty();
        }
        return Optional.of(new SourceText(scalar.getValue(), placeOf(node)));
    }

    private static String shape(Node node) {
        if (node instanceof MappingNode) {
            return "a mapping";
        }
        if (node instanceof SequenceNode) {
            return "a list";
        }
        Tag tag = node.getTag();
        if (tag.equals(Tag.NULL)
                || (node instanceof ScalarNode scalar && scalar.getValue().isBlank())) {
            return "empty";
        }
        if (tag.equals(Tag.BOOL)) {
            return "true or false";
        }
        return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) ? "a number" : "text";
    }

    private SourceLocation placeOf(Node node) {
        return node.getStartMark()
                .map(mark -> new SourceLocation(file, mark.getLine() + 1, mark.getColumn() + 1))
                .orElse(SourceLocation.ofFile(file));
    }
}
