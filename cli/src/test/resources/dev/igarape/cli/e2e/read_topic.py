"""Reads a topic to its end with Confluent's own client; prints a JSON line for each Avro value that it decodes, null for a tombstone."""

import json
import sys
from datetime import datetime

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext


def text(value: object) -> str:
    """Of what JSON has no type for: a moment, a decimal."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def main(bootstrap: str, registry: str, topic: str) -> None:
    """Print every message of the topic as it stood when we came."""
    decode = AvroDeserializer(SchemaRegistryClient({"url": registry}))
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "interop", "enable.auto.commit": False})
    partitions = consumer.list_topics(topic, timeout=30).topics[topic].partitions
    ends = {p: consumer.get_watermark_offsets(TopicPartition(topic, p), timeout=30)[1] for p in partitions}
    consumer.assign([TopicPartition(topic, p, 0) for p in partitions])
    left = sum(ends.values())
    while left > 0:
        message = consumer.poll(30)
        if message is None:
            raise SystemExit(f"{left} messages did not come")
        if message.error():
            raise SystemExit(str(message.error()))
        left -= 1
        value = decode(message.value(), SerializationContext(topic, MessageField.VALUE))
        print(json.dumps(value, default=text))
    consumer.close()


main(*sys.argv[1:])
