package dev.igarape.model.compile.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.igarape.model.ChangeCapture;
import dev.igarape.model.Definition;
import dev.igarape.model.Expectation;
import dev.igarape.model.Input;
import dev.igarape.model.Json;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.compile.table.ParsedTable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A hash of all that decides a table's rows: kind, source or SQL, columns in their order, time and interval, inputs
 * with lookback, keys and their sequence, expectations, and the day's boundary. Descriptions, retention, when a landing
 * commits, whether changes are kept, what becomes of events of equal sequence, and the order of keys in the file do not count.
 */
public final class DefinitionHash {
    private static final ObjectWriter CANONICAL =
            Json.mapper().writer().with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private DefinitionHash() {}

    private static List<Object> input(Input input) {
        List<Object> parts = new ArrayList<>(List.of(input.table().toString(), input.lookback()));
        input.lookbackTime().ifPresent(time -> parts.add(time.toSeconds()));
        return parts;
    }

    /** SHA-256, in hex, over canonical JSON: sorted keys, no blanks. */
    public static String of(ParsedTable draft, Definition definition, List<Input> inputs, ZoneId timezone) {
        Map<String, Object> decisive = new TreeMap<>();
        decisive.put("definition", Json.mapper().convertValue(definition.decisive(), Map.class));
        decisive.put(
                "columns",
                draft.columns().entrySet().stream()
                        .map(column -> List.of(column.getKey(), column.getValue()))
                        .toList());
        decisive.put(
                "inputs",
                inputs.stream()
                        .sorted(Comparator.comparing(Input::table))
                        .map(DefinitionHash::input)
                        .toList());
        decisive.put(
                "expectations",
                draft.expectations().stream()
                        .sorted(Comparator.comparing(Expectation::name))
                        .map(e -> List.of(e.name(), e.check(), e.onFail().toString()))
                        .toList());
        decisive.put("timezone", timezone.getId());
        if (definition instanceof KeyedDefinition keyed && keyed.cdc().isPresent()) {
            decisive.put("captured", ChangeCapture.FORM);
        }
        try {
            byte[] json = CANONICAL.writeValueAsString(decisive).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json));
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("texts and numbers are always JSON, and every JDK has SHA-256", e);
        }
    }
}
