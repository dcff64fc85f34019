package dev.igarape.wire.serde;

import java.util.Objects;

/** A parsed Kafka message: a framed Avro datum, or a poison message that nobody can decode. */
public sealed interface WireMessage permits WireMessage.Payload, WireMessage.Poison {

    /**
     * A message in Confluent's wire format.
     *
     * @param schemaId the id of the writer schema in the registry; may be one that no registry gives out
     * @param offset where the Avro datum starts in the message; it ends with the message
     */
    record Payload(int schemaId, int offset) implements WireMessage {}

    /**
     * A message that is not in the wire format.
     *
     * @param rule {@code short_message} or {@code bad_magic}
     * @param reason a sentence with the values that were found
     */
    record Poison(String rule, String reason) implements WireMessage {
        public Poison {
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
