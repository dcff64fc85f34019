SELECT value.producer, value.sequence, value.at FROM raw.events
