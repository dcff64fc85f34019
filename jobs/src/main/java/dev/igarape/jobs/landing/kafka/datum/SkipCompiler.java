package dev.igarape.jobs.landing.kafka.datum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * Compiles a writer schema into a flat program for {@link DatumSkipper}. Records are inlined; records that are
 * referenced more than once become subroutines, so that the program is no longer than the schema.
 */
final class SkipCompiler {
    /** Operand of {@link Opcode#EVENT_LONG}: unit of the long. */
    static final int MILLIS = 0;

    static final int MICROS = 1;
    static final int NANOS = 2;
    static final int LOCAL_MILLIS = 3;
    static final int LOCAL_MICROS = 4;

    private final Map<String, Integer> references = new HashMap<>();
    private final Map<String, Schema> subroutines = new LinkedHashMap<>();
    private final Map<String, Integer> addresses = new HashMap<>();
    private final Map<String, Long> leastBytes = new HashMap<>();
    private final Map<Integer, String> calls = new LinkedHashMap<>();
    private final List<String> paths = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private int[] code = new int[64];
    private int length;

    private SkipCompiler() {}

    static SkipProgram compile(Schema writer, Optional<String> eventTime) {
        SkipCompiler compiler = new SkipCompiler();
        compiler.count(writer);
        if (writer.getType() == Schema.Type.RECORD) {
            compiler.fields(writer, "", eventTime);
        } else {
            compiler.value(writer, "value");
        }
        compiler.emit(Opcode.RETURN, "value");
        compiler.finishSubroutines();
        return new SkipProgram(
                Arrays.copyOf(compiler.code, compiler.length),
                List.copyOf(compiler.paths),
                List.copyOf(compiler.reasons));
    }

    /** Counts the references to each record; the top-level record counts as one. */
    private void count(Schema schema) {
        switch (schema.getType()) {
            case RECORD:
                if (references.merge(schema.getFullName(), 1, Integer::sum) == 1) {
                    schema.getFields().forEach(field -> count(field.schema()));
                }
                break;
            case ARRAY:
                count(schema.getElementType());
                break;
            case MAP:
                count(schema.getValueType());
                break;
            case UNION:
                schema.getTypes().forEach(this::count);
                break;
            default:
        }
    }

    private void fields(Schema record, String path, Optional<String> eventTime) {
        for (Schema.Field field : record.getFields()) {
            String name = path.isEmpty() ? field.name() : path + "." + field.name();
            if (eventTime.isPresent() && eventTime.get().equals(field.name())) {
                eventValue(field.schema(), name);
            } else {
                value(field.schema(), name);
            }
        }
    }

    private void value(Schema schema, String path) {
        switch (schema.getType()) {
            case NULL:
                break;
            case BOOLEAN:
                emit(Opcode.BOOLEAN, path);
                break;
            case INT:
                emit(Opcode.INT, path);
                break;
            case LONG:
                emit(Opcode.LONG, path);
                break;
            case FLOAT:
                fixed(Float.BYTES, path);
                break;
            case DOUBLE:
                fixed(Double.BYTES, path);
                break;
            case FIXED:
                fixed(schema.getFixedSize(), path);
                break;
            case BYTES:
            case STRING:
                emit(Opcode.BYTES, path);
                break;
            case ENUM:
                emit(Opcode.ENUM, path);
                emit(schema.getEnumSymbols().size(), path);
                break;
            case UNION:
                union(schema, path, false);
                break;
            case ARRAY:
                blocks(schema.getElementType(), false, path + "[]");
                break;
            case MAP:
                blocks(schema.getValueType(), true, path + "{}");
                break;
            case RECORD:
                record(schema, path);
                break;
        }
    }

    private void fixed(int size, String path) {
        emit(Opcode.FIXED, path);
        emit(size, path);
    }

    private void record(Schema schema, String path) {
        if (references.get(schema.getFullName()) == 1) {
            fields(schema, path, Optional.empty());
            return;
        }
        subroutines.putIfAbsent(schema.getFullName(), schema);
        emit(Opcode.CALL, path);
        calls.put(length, schema.getFullName());
        emit(-1, path);
    }

    private void union(Schema schema, String path, boolean event) {
        List<Schema> branches = schema.getTypes();
        emit(Opcode.UNION, path);
        emit(branches.size(), path);
        int table = length;
        branches.forEach(branch -> emit(-1, path));
        List<Integer> exits = new ArrayList<>();
        for (int i = 0; i < branches.size(); i++) {
            code[table + i] = length;
            if (event) {
                eventValue(branches.get(i), path);
            } else {
                value(branches.get(i), path);
            }
            if (i < branches.size() - 1) {
                emit(Opcode.JUMP, path);
                exits.add(length);
                emit(-1, path);
            }
        }
        exits.forEach(exit -> code[exit] = length);
    }

    private void blocks(Schema item, boolean keyed, String path) {
        long least = (keyed ? 1 : 0) + leastBytes(item);
        emit(Opcode.BLOCKS, path);
        emit((int) Math.min(least, Integer.MAX_VALUE), path);
        int end = length;
        emit(-1, path);
        if (keyed) {
            emit(Opcode.BYTES, path);
        }
        value(item, path);
        emit(Opcode.RETURN, path);
        code[end] = length;
    }

    private void eventValue(Schema schema, String path) {
        String logical = Optional.ofNullable(schema.getProp("logicalType")).orElse("");
        switch (schema.getType()) {
            case NULL:
                return;
            case UNION:
                union(schema, path, true);
                return;
            case STRING:
                emit(Opcode.EVENT_STRING, path);
                return;
            case INT:
                if (logical.equals("date")) {
                    emit(Opcode.EVENT_DATE, path);
                    return;
                }
                break;
            case LONG:
                Optional<Integer> unit = unit(logical);
                if (unit.isPresent()) {
                    emit(Opcode.EVENT_LONG, path);
                    emit(unit.get(), path);
                    return;
                }
                break;
            default:
        }
        String type = schema.getType().getName() + (logical.isEmpty() ? "" : " (" + logical + ")");
        emit(Opcode.EVENT_UNREADABLE, path);
        emit(reasons.size(), path);
        reasons.add("field " + path + " is of type " + type
                + "; an event time is a long (timestamp-millis, timestamp-micros or plain milliseconds), an int date"
                + " or an ISO-8601 string");
        value(schema, path);
    }

    private static Optional<Integer> unit(String logical) {
        return switch (logical) {
            case "", "timestamp-millis" -> Optional.of(MILLIS);
            case "timestamp-micros" -> Optional.of(MICROS);
            case "timestamp-nanos" -> Optional.of(NANOS);
            case "local-timestamp-millis" -> Optional.of(LOCAL_MILLIS);
            case "local-timestamp-micros" -> Optional.of(LOCAL_MICROS);
            default -> Optional.empty();
        };
    }

    /**
     * Minimum size of a datum of this schema; a record that directly contains itself, which has no valid datum, counts
     * 0.
     */
    private long leastBytes(Schema schema) {
        switch (schema.getType()) {
            case NULL:
                return 0;
            case FLOAT:
                return Float.BYTES;
            case DOUBLE:
                return Double.BYTES;
            case FIXED:
                return schema.getFixedSize();
            case UNION:
                long least = Integer.MAX_VALUE;
                for (Schema branch : schema.getTypes()) {
                    least = Math.min(least, leastBytes(branch));
                }
                return 1 + least;
            case RECORD:
                Long known = leastBytes.putIfAbsent(schema.getFullName(), 0L);
                if (known != null) {
                    return known;
                }
                long sum = 0;
                for (Schema.Field field : schema.getFields()) {
                    sum = Math.min(Integer.MAX_VALUE, sum + leastBytes(field.schema()));
                }
                leastBytes.put(schema.getFullName(), sum);
                return sum;
            default:
                return 1;
        }
    }

    private void finishSubroutines() {
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Schema schema : List.copyOf(subroutines.values())) {
                if (!addresses.containsKey(schema.getFullName())) {
                    addresses.put(schema.getFullName(), length);
                    fields(schema, schema.getName(), Optional.empty());
                    emit(Opcode.RETURN, schema.getName());
                    grown = true;
                }
            }
        }
        calls.forEach((operand, name) -> code[operand] = addresses.get(name));
    }

    private void emit(int word, String path) {
        if (length == code.length) {
            code = Arrays.copyOf(code, length * 2);
        }
        code[length++] = word;
        paths.add(path);
    }
}
