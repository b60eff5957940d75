"""Real servers on loopback that answer as a script says, and remember what they were sent."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Self

CLOSE = "close"  # end the connection politely, without an answer
RESET = "reset"  # break it
HANG = "hang"  # say nothing until the server stops

PATIENCE = 10.0  # seconds; only a broken test waits so long


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came; header names are in lower case."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class _Server:
    """Accepts on a port of its own and gives each connection a thread."""

    stopping: threading.Event = field(default_factory=threading.Event)
    failures: list[BaseException] = field(default_factory=list)
    _listening: socket.socket = field(
        default_factory=lambda: socket.create_server(("127.0.0.1", 0))
    )
    _threads: list[threading.Thread] = field(default_factory=list)
    _open: list[socket.socket] = field(default_factory=list)

    @property
    def port(self) -> int:
        port: int = self._listening.getsockname()[1]
        return port

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        with socket.create_connection(("127.0.0.1", self.port)):
            pass  # wakes the accepting thread
        for connection in self._open:
            connection.close()
        for thread in self._threads:
            thread.join(PATIENCE)
        self._listening.close()
        assert not self.failures, self.failures

    def talk(self, connection: socket.socket) -> None:
        raise NotImplementedError

    def _start(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listening.accept()
            if self.stopping.is_set():
                connection.close()
                return
            connection.settimeout(PATIENCE)
            self._open.append(connection)
            self._start(partial(self._serve, connection))

    def _serve(self, connection: socket.socket) -> None:
        try:
            self.talk(connection)
        except (OSError, ValueError):
            pass  # the other side, or the end of the test, closed the connection
        except BaseException as error:
            self.failures.append(error)
        finally:
            connection.close()

    def act(self, connection: socket.socket, action: str) -> None:
        if action == RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif action == HANG:
            self.stopping.wait(PATIENCE)


@dataclass(slots=True)
class HttpServer(_Server):
    """Answers requests one after another from ``answers``; the last one stays."""

    answers: list[bytes | str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    before_reading: str = ""  # an action instead of reading the request
    respond: Callable[[Request], bytes | str] | None = None  # decides instead of ``answers``

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def talk(self, connection: socket.socket) -> None:
        if self.before_reading:
            self.act(connection, self.before_reading)
            return
        stream = connection.makefile("rb")
        line = stream.readline().decode().strip()
        headers = {}
        while header := stream.readline().strip():
            name, _, value = header.decode().partition(":")
            headers[name.lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", 0)))
        request = Request(line, headers, body)
        self.requests.append(request)
        if self.respond is not None:
            answer = self.respond(request)
        else:
            answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, str):
            self.act(connection, answer)
        else:
            connection.sendall(answer)


def answer(status: int, body: str = "", **headers: str) -> bytes:
    """An HTTP answer; header names are given with underscores."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body.encode())}"]
    lines.append("Connection: close")  # as asked for
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as the server accepted it."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


_GOOD: Mapping[str, str] = {
    "CONNECT": "220 ready",
    "STARTTLS": "220 go ahead",
    "AUTH": "235 welcome",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go ahead",
    "DOT": "250 queued",
    "QUIT": "221 bye",
}


@dataclass(slots=True)
class SmtpServer(_Server):
    """Speaks SMTP; ``script`` maps a verb, or ``RCPT address``, to a reply or an action."""

    script: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    tls_first: bool = False
    extensions: tuple[str, ...] = ()
    mails: list[Mail] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)  # beside each verb: was it over TLS?

    def talk(self, connection: socket.socket) -> None:
        if self.tls_first and self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True)
            self._open.append(connection)
        with connection:
            if self._reply(connection, "CONNECT"):
                self._session(connection)

    def _session(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        sender = ""
        recipients: list[str] = []
        while raw := stream.readline():
            line = raw.decode("latin-1").strip()
            verb = line.split(" ")[0].upper()
            self.verbs.append(verb)
            self.secure.append(isinstance(connection, ssl.SSLSocket))
            if verb == "EHLO":
                if not self._ehlo(connection):
                    return
            elif verb == "STARTTLS":
                if not self._reply(connection, "STARTTLS"):
                    return
                if self.tls is not None:
                    connection = self.tls.wrap_socket(connection, server_side=True)
                    self._open.append(connection)
                    stream = connection.makefile("rb")
            elif verb == "DATA":
                if not self._reply(connection, "DATA"):
                    return
                if self.script.get("DATA", "354").startswith("354"):
                    content = _content(stream.readline)
                    if self.script.get("DOT", "250").startswith("250"):
                        self.mails.append(Mail(sender, tuple(recipients), content))
                    if not self._reply(connection, "DOT"):
                        return
            else:
                if verb == "MAIL":
                    sender, recipients = _address(line), []
                if verb == "RCPT" and self._scripted(line).startswith("250"):
                    recipients.append(_address(line))
                if not self._reply(connection, line):
                    return

    def _ehlo(self, connection: socket.socket) -> bool:
        if "EHLO" in self.script:
            return self._reply(connection, "EHLO")
        offered = [name for name in self.extensions if name != "STARTTLS" or not self.secure[-1]]
        lines = ["mail.example.org", *offered]
        last = len(lines) - 1
        text = [f"250{' ' if at == last else '-'}{name}" for at, name in enumerate(lines)]
        connection.sendall("".join(f"{line}\r\n" for line in text).encode())
        return True

    def _scripted(self, line: str) -> str:
        verb = line.split(" ")[0].upper()
        if verb == "RCPT" and f"RCPT {_address(line)}" in self.script:
            return self.script[f"RCPT {_address(line)}"]
        return self.script.get(verb, _GOOD.get(verb, "250 ok"))

    def _reply(self, connection: socket.socket, line: str) -> bool:
        """Say what the script says; whether the conversation goes on."""
        words = self._scripted(line)
        if words in {CLOSE, RESET, HANG}:
            self.act(connection, words)
            return False
        connection.sendall(f"{words}\r\n".encode())
        return not words.startswith("421") and not line.upper().startswith("QUIT")


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]


def _content(readline: Callable[[], bytes]) -> bytes:
    lines = []
    while (line := readline()) not in {b".\r\n", b""}:
        lines.append(line.removeprefix(b".") if line.startswith(b".") else line)
    return b"".join(lines)
