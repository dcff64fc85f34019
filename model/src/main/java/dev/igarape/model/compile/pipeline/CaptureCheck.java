package dev.igarape.model.compile.pipeline;

import dev.igarape.model.ChangeCapture;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.table.ParsedTable;
import dev.igarape.model.compile.table.ParsedTable.ParsedInput;
import java.util.Optional;

/** Check on what a table of captured changes reads: the landing of a topic, whose tombstones are no fault. */
final class CaptureCheck {
    private final Diagnostics diagnostics;

    CaptureCheck(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** @param read the table that the input names */
    void check(ParsedTable table, ParsedInput input, ParsedTable read) {
        Optional<ChangeCapture> capture = table.definition()
                .filter(KeyedDefinition.class::isInstance)
                .flatMap(definition -> ((KeyedDefinition) definition).cdc());
        if (capture.isEmpty() || read.definition().isEmpty()) {
            return;
        }
        Optional<Source.Kafka> topics = read.definition().get().kafka();
        if (topics.isEmpty() || !topics.get().format().equals("avro")) {
            diagnostics.add(
                    input.location(),
                    table.name() + " takes changes from " + input.table() + ", which lands no topic of Avro records",
                    "Land the connector's topic in raw with `landing: {kafka: {topics: […], tombstones: drop}}` and an"
                            + " Avro converter, or write SQL that makes events.");
            return;
        }
        if (!topics.get().dropsTombstones()) {
            diagnostics.add(
                    read.location(),
                    input.table() + " puts tombstones into quarantine, but in a topic of changes they follow each"
                            + " deletion and are no fault",
                    "Write `tombstones: drop` beside its `topics`.");
        }
        if (topics.get().topics().size() > 1 && capture.get().epochs().isEmpty()) {
            diagnostics.add(
                    input.location(),
                    table.name() + " takes changes of several topics from " + input.table()
                            + ", and positions in logs of different sources can't be compared",
                    "Land one topic, or name the sources that follow each other: `epochs: [shop, shop_2]`, their"
                            + " topic.prefix.");
        }
    }
}
