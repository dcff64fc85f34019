"""Teaches Schemathesis to write JSON lines."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(_context, value):
    if isinstance(value, list):
        return "\n".join(json.dumps(line) for line in value).encode()
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")
