"""A mail server that takes everything and keeps nothing, as fast as one process can: it must not be what is measured.

Besides SMTP it knows the command STAT, which it answers with how many mails it has taken, and when it took each
hundredth of them, as JSON; STAT RESET begins anew.
"""

import asyncio
import json
import sys
import time
from typing import cast

import uvloop

EVERY = 100
GREETING = b"220 sink\r\n"
OK = b"250 OK\r\n"
ANSWERS = {
    b"EHLO": b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
    b"DATA": b"354 go ahead\r\n",
    b"QUIT": b"221 bye\r\n",
}


class Tally:
    """What the sink has taken since it began to count."""

    def __init__(self) -> None:
        self.count = 0
        self.marks: list[float] = []

    def add(self) -> None:
        self.count += 1
        if self.count % EVERY == 0:
            self.marks.append(time.monotonic())

    def told(self, *, is_over: bool) -> bytes:
        answer = json.dumps({"count": self.count, "marks": self.marks}).encode()
        if is_over:
            self.count, self.marks = 0, []
        return answer


class Session(asyncio.Protocol):
    """One connection. Clients wait for each answer, so that what arrives is one command, or a part of a mail."""

    def __init__(self, tally: Tally) -> None:
        self._tally, self._pending, self._is_in_mail = tally, b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        self._transport.write(GREETING)

    def data_received(self, octets: bytes) -> None:
        self._pending += octets
        if self._is_in_mail:
            if not self._pending.endswith(b"\r\n.\r\n"):
                return
            self._is_in_mail = False
            self._tally.add()
            self._answer(OK)
        elif self._pending.endswith(b"\r\n"):
            self._obey(self._pending[:4].upper())

    def _obey(self, command: bytes) -> None:
        self._is_in_mail = command == b"DATA"
        if command == b"STAT":
            self._answer(b"250 " + self._tally.told(is_over=b"RESET" in self._pending) + b"\r\n")
        else:
            self._answer(ANSWERS.get(command, OK))
        if command == b"QUIT":
            self._transport.close()

    def _answer(self, answer: bytes) -> None:
        self._pending = b""
        self._transport.write(answer)


async def main(port: int) -> None:
    tally = Tally()
    server = await asyncio.get_running_loop().create_server(lambda: Session(tally), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
