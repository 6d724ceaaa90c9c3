"""A Maildir that the mail server delivers to: what is new is read, taken in, and only then moved to what is seen."""

import asyncio
from pathlib import Path

from structlog.typing import FilteringBoundLogger

from callboard.errors import StartupError
from callboard.receipts.desk import Desk
from callboard.receipts.dsn import MOST_BYTES

BATCH = 100
SEEN = ":2,S"
"""What Maildir has at the end of the name of a mail that was read."""


class Maildir:
    """The folder. Several processes may read it at once: what two of them take changes nothing the second time."""

    def __init__(self, path: str) -> None:
        self._new, self._cur = Path(path) / "new", Path(path) / "cur"
        if not (self._new.is_dir() and self._cur.is_dir()):
            raise StartupError(f"The setting bounce_maildir names {path}, which has no folders new and cur.")

    async def empty(self, desk: Desk, log: FilteringBoundLogger) -> None:
        """Take in what is new. A mail that cannot be read is left where it is, and told.

        Whoever is stopped between taking a mail in and moving it takes it in again, which changes nothing.
        """
        for file in await asyncio.to_thread(self._list):
            try:
                octets = await asyncio.to_thread(self._read, file)
                if octets is None:
                    continue
                await desk.take_mail(octets)
                await asyncio.to_thread(self._move, file)
            except OSError as error:
                log.warning("bounce_unreadable", file=file.name, reason=str(error.strerror))

    def _list(self) -> list[Path]:
        """The oldest ones, as their names begin with the time."""
        return sorted(each for each in self._new.iterdir() if not each.name.startswith(".") and each.is_file())[:BATCH]

    def _read(self, file: Path) -> bytes | None:
        """The mail, or so much of it as is looked at; None if another process has moved it."""
        try:
            with file.open("rb") as opened:
                return opened.read(MOST_BYTES)
        except FileNotFoundError:
            return None

    def _move(self, file: Path) -> None:
        try:
            file.rename(self._cur / f"{file.name.partition(':')[0]}{SEEN}")
        except FileNotFoundError:  # Another process was quicker.
            return
