"""How far a landing has got, told from its ledger."""

from __future__ import annotations

import posixpath
import re
from datetime import UTC, datetime

from igarape.hooks.hdfs import HdfsHook

_MOMENT = re.compile(r"[0-9]{15}")


def arrived(ledger: str) -> datetime | None:
    """The moment of which a landing's commits hold all that its source had; None before its first run.

    :param ledger: the folder of its ledger on HDFS
    """
    names = [entry.name for entry in HdfsHook().list_folder(posixpath.join(ledger, "_arrived"))]
    moments = [int(name) for name in names if _MOMENT.fullmatch(name)]
    return datetime.fromtimestamp(max(moments) / 1000, UTC) if moments else None
