"""The hook for files on HDFS, over WebHDFS."""

from __future__ import annotations

import posixpath
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from airflow.providers.apache.hdfs.hooks.webhdfs import WebHDFSHook
from hdfs import HdfsError

CHUNK = 1 << 20
"""How many bytes are read at once."""

TIMEOUT_SECONDS = (10, 300)
"""How long a server may take to accept a connection, and between two pieces of an answer."""

_UPLOAD = "_upload."


@dataclass(frozen=True)
class Entry:
    """A file or folder as a listing shows it; ``size`` in bytes, 0 for folders."""

    name: str
    is_folder: bool
    size: int


class HdfsHook(WebHDFSHook):
    """Files on HDFS: a file is seen whole or not at all.

    The connection is that of the provider's hook: ``{"conn_type": "webhdfs", "host": "<NameNode>", "port": 9870,
    "login": "<user>"}``; several NameNodes stand in ``host`` with commas, and each may have a port of its own
    (``<NameNode>:9871``), which the provider's hook does not know. Errors of HDFS are ``hdfs.HdfsError``.
    """

    def __init__(self, webhdfs_conn_id: str = WebHDFSHook.default_conn_name, proxy_user: str | None = None) -> None:
        super().__init__(webhdfs_conn_id, proxy_user)
        self._client: Any = None

    @property
    def client(self) -> Any:
        """The client of the first NameNode that answers and does not stand by; looked for once."""
        if self._client is None:
            self._client = self.get_conn()
        return self._client

    def exists(self, path: str) -> bool:
        """Whether a file or folder stands there."""
        try:
            self.client.status(path)
        except HdfsError as error:
            if error.exception == "FileNotFoundException":
                return False
            raise
        return True

    def _find_valid_server(self) -> Any:
        connection = self.get_connection(self.webhdfs_conn_id)
        for name_node in (connection.host or "").split(","):
            host, _, port = name_node.strip().partition(":")
            client = self._get_client(
                host,
                int(port) if port else connection.port,
                connection.login,
                connection.password,
                connection.schema,
                connection.extra_dejson,
            )
            try:
                client.status("/")
            except (HdfsError, OSError) as error:
                self.log.info("The NameNode %s does not serve: %s", name_node, error)
            else:
                return client
        return None

    def _get_client(self, *args: Any, **kwargs: Any) -> Any:
        client = super()._get_client(*args, **kwargs)
        # The provider sets none: a server that stalls would hold the task for ever.
        client._timeout = TIMEOUT_SECONDS
        return client

    def mkdirs(self, path: str) -> None:
        """Makes a folder and those above it; a folder that stands there already is fine."""
        self.client.makedirs(path)

    def list_folder(self, path: str) -> list[Entry]:
        """What is in a folder, by name; uploads under way are left out. Empty if there is no such folder."""
        return [entry for entry in self._entries(path) if not entry.name.startswith(_UPLOAD)]

    def read(self, path: str) -> bytes:
        """A whole file."""
        return b"".join(self.stream(path))

    def stream(self, path: str) -> Iterator[bytes]:
        """A file in pieces of at most CHUNK bytes."""
        with self.client.read(path, chunk_size=CHUNK) as pieces:
            yield from pieces

    def upload(self, path: str, data: Iterable[bytes]) -> None:
        """Writes a file beside its place, then moves it there in one step, over an older one if there is one.

        Readers see the older file, or none, until all of ``data`` is written; if ``data`` raises, they never see this
        one. Uploads of the same file that were cut off are cleared away; if one of these still runs, it fails instead
        of coming out on top later.

        :param path: where the file goes; its folders are made
        :param data: the content in pieces, read as they are sent
        """
        folder, name = posixpath.split(path)
        self.mkdirs(folder)
        for entry in self._entries(folder):
            if entry.name.startswith(f"{_UPLOAD}{name}."):
                self.client.delete(posixpath.join(folder, entry.name))
        # Hadoop's readers pass over names that begin with an underscore.
        half = posixpath.join(folder, f"{_UPLOAD}{name}.{uuid.uuid4().hex}")
        try:
            self.client.write(half, data=iter(data))
            # The client's own rename() moves a file into a folder of that name, and can't replace a file.
            self.client._rename(half, destination=path, renameoptions="OVERWRITE")
        except BaseException:
            self._discard(half)
            raise

    def _entries(self, path: str) -> list[Entry]:
        statuses = self.client.list(path, status=True) if self.exists(path) else []
        return sorted(
            (Entry(name, status["type"] == "DIRECTORY", status["length"]) for name, status in statuses),
            key=lambda entry: entry.name,
        )

    def _discard(self, path: str) -> None:
        try:
            self.client.delete(path)
        except (HdfsError, OSError) as error:
            self.log.warning("Cannot remove the unfinished upload %s: %s. The next upload does.", path, error)
