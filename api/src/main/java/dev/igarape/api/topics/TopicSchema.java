package dev.igarape.api.topics;

import dev.igarape.wire.json.JsonToAvro;

/** The latest schema of a subject, ready to convert. */
record TopicSchema(String subject, int id, JsonToAvro converter) {}
