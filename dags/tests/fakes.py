"""Small HTTP servers that stand in for WebHDFS and for an API, on free ports of this machine."""

from __future__ import annotations

import json
import posixpath
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit


class FakeHdfs:
    """Files in memory, served as WebHDFS does: data goes to and comes from another address than names."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.folders: set[str] = {"/"}
        self.lengths: dict[str, int] = {}
        """How many bytes were written to each file."""
        self.keeps_only_lengths = False
        """Whether content is thrown away, for a test that writes much."""
        self.during_write: Callable[[], None] = lambda: None
        """Called when the first bytes of a file have come."""
        self.refuses: str | None = None
        """The operation that is answered with an error."""

    @property
    def visible(self) -> dict[str, bytes]:
        """The files that readers see: an upload that broke off may still be on its way out."""
        return {path: content for path, content in self.files.items() if "/_" not in path}

    def names(self, folder: str) -> list[str]:
        """What a listing of the folder shows."""
        paths = [*self.files, *self.folders]
        return sorted(posixpath.basename(path) for path in paths if posixpath.dirname(path) == folder and path != "/")

    def status(self, path: str) -> dict[str, object] | None:
        """The FileStatus of a path."""
        if path in self.files:
            return {"pathSuffix": "", "type": "FILE", "length": len(self.files[path])}
        if path in self.folders:
            return {"pathSuffix": "", "type": "DIRECTORY", "length": 0}
        return None

    def make(self, folder: str) -> None:
        """Makes a folder and those above it."""
        while folder not in self.folders:
            self.folders.add(folder)
            folder = posixpath.dirname(folder)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def chunks(self) -> Iterator[bytes]:
        """The pieces of a chunked request; raises EOFError if it breaks off."""
        while True:
            line = self.rfile.readline()
            if not line:
                raise EOFError
            size = int(line, 16)
            piece = self.rfile.read(size)
            if len(piece) < size or not self.rfile.readline():
                raise EOFError
            if size == 0:
                return
            yield piece


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """Serves on a free port, which it gives."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def fake_hdfs() -> Iterator[tuple[FakeHdfs, int]]:
    """An empty file system and the port of its WebHDFS."""
    hdfs = FakeHdfs()

    class WebHdfs(_Handler):
        def handle_operation(self) -> None:
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            path = unquote(address.path).removeprefix("/webhdfs/v1") or "/"
            operation = query["op"]
            if operation == hdfs.refuses:
                self.fail(403, "AccessControlException")
            elif operation in ("CREATE", "OPEN") and "datanode" not in query:
                if operation == "OPEN" and path not in hdfs.files:
                    self.fail(404, "FileNotFoundException")
                else:
                    self.answer(307, Location=f"http://{self.headers['Host']}{self.path}&datanode=1")
            else:
                getattr(self, operation.lower())(path, query)

        do_GET = do_PUT = do_DELETE = handle_operation  # noqa: N815 - the base class names them so

        def fail(self, status: int, exception: str) -> None:
            remote = {"exception": exception, "message": f"{self.path} fails", "javaClassName": exception}
            self.answer(status, json.dumps({"RemoteException": remote}).encode())

        def tell(self, **body: object) -> None:
            self.answer(200, json.dumps(body).encode())

        def getfilestatus(self, path: str, query: dict[str, str]) -> None:
            status = hdfs.status(path)
            if status is None:
                self.fail(404, "FileNotFoundException")
            else:
                self.tell(FileStatus=status)

        def liststatus(self, path: str, query: dict[str, str]) -> None:
            names = hdfs.names(path)
            statuses = [{**(hdfs.status(posixpath.join(path, name)) or {}), "pathSuffix": name} for name in names]
            self.tell(FileStatuses={"FileStatus": statuses})

        def mkdirs(self, path: str, query: dict[str, str]) -> None:
            hdfs.make(path)
            self.tell(boolean=True)

        def create(self, path: str, query: dict[str, str]) -> None:
            hdfs.make(posixpath.dirname(path))
            hdfs.files[path] = b""
            hdfs.lengths[path] = 0
            try:
                for piece in self.chunks():
                    hdfs.lengths[path] += len(piece)
                    if not hdfs.keeps_only_lengths:
                        hdfs.files[path] += piece
                    hdfs.during_write()
            except EOFError:
                self.close_connection = True
                return
            self.answer(201)

        def rename(self, path: str, query: dict[str, str]) -> None:
            to = query["destination"]
            if path not in hdfs.files:
                self.fail(404, "FileNotFoundException")
            elif query.get("renameoptions") == "OVERWRITE":
                hdfs.files[to] = hdfs.files.pop(path)
                hdfs.lengths[to] = hdfs.lengths.pop(path)
                self.answer(200)
            else:
                self.tell(boolean=to not in hdfs.files)

        def delete(self, path: str, query: dict[str, str]) -> None:
            self.tell(boolean=hdfs.files.pop(path, None) is not None)

        def open(self, path: str, query: dict[str, str]) -> None:
            self.answer(200, hdfs.files[path])

    with serving(WebHdfs) as port:
        yield hdfs, port


Reply = Callable[[_Handler], None]


class FakeApi:
    """Answers each GET as it was told, in order; the last answer stays."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self._replies: list[Reply] = []

    def answers(self, *replies: Reply) -> None:
        """Sets the answers to come."""
        self._replies = list(replies)

    def reply(self, handler: _Handler) -> None:
        """Gives the next answer."""
        self.asked.append(handler.path)
        self.headers.append({name.lower(): value for name, value in handler.headers.items()})
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        reply(handler)


def body(content: bytes, status: int = 200) -> Reply:
    """A whole answer."""
    return lambda handler: handler.answer(status, content)


def cut_off(content: bytes, length: int) -> Reply:
    """An answer that promises more bytes than come."""

    def reply(handler: _Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(length))
        handler.end_headers()
        handler.wfile.write(content)
        handler.close_connection = True

    return reply


def chunked(pieces: Iterator[bytes] | list[bytes], *, ends: bool = True) -> Reply:
    """An answer in pieces, without the last, empty one unless it ``ends``."""

    def reply(handler: _Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for piece in pieces:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        if ends:
            handler.wfile.write(b"0\r\n\r\n")
        handler.close_connection = True

    return reply


def unmeasured(content: bytes) -> Reply:
    """An answer that ends where the connection does."""

    def reply(handler: _Handler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def compressed(content: bytes) -> Reply:
    """An answer in an encoding that nobody asked for."""
    return lambda handler: handler.answer(200, content, Content_Encoding="gzip")


@contextmanager
def fake_api() -> Iterator[tuple[FakeApi, int]]:
    """An API and its port."""
    api = FakeApi()

    class Api(_Handler):
        def do_GET(self) -> None:
            api.reply(self)

    with serving(Api) as port:
        yield api, port


@contextmanager
def fake_webhook() -> Iterator[tuple[list[dict[str, object]], int]]:
    """The JSON objects that were posted, and the port."""
    told: list[dict[str, object]] = []

    class Webhook(_Handler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.answer(204)

    with serving(Webhook) as port:
        yield told, port


class FakeMail(socketserver.ThreadingTCPServer):
    """Takes mail by SMTP and keeps it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.messages: list[bytes] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Smtp(socketserver.StreamRequestHandler):
    server: FakeMail

    def handle(self) -> None:
        self.say("220 mail")
        while line := self.rfile.readline():
            verb = line.split(maxsplit=1)[0].upper()
            if verb == b"DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.messages.append(b"".join(lines))
            self.say("221 bye" if verb == b"QUIT" else "250 mail")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def fake_mail() -> Iterator[FakeMail]:
    """A mail server on a free port."""
    with FakeMail() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
