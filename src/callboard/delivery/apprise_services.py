"""Apprise, as the senders for SMS and for chats use it: imported when it is needed, silent, without memory on disk."""

import asyncio
import logging
from typing import Any

from callboard.delivery.letter import TemporaryFailure

TIMEOUT_S = 30


class Services:
    """The services that Apprise knows. Raises ImportError where the extra is not installed."""

    def __init__(self) -> None:
        import apprise  # An extra, and it costs start-up time.

        # What Apprise logs names receivers, and parts of URLs. It still collects its lines for the result.
        logging.getLogger(apprise.LOGGER_NAME).propagate = False
        self._apprise = apprise
        self._asset = apprise.AppriseAsset(app_id="Callboard", storage_mode=apprise.PersistentStoreMode.MEMORY)

    def open(self, url: str) -> Any:
        """The service of a URL; None when Apprise cannot read it."""
        return self._apprise.Apprise.instantiate(url, asset=self._asset)

    async def notify(self, service: Any, text: str, *, title: str = "", is_markdown: bool = False) -> Any:
        """Hand over a text; what came of it. Raises TemporaryFailure when that takes too long."""
        formats = self._apprise.NotifyFormat
        call = self._apprise.Apprise(service, asset=self._asset)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await call.async_notify(
                    text,
                    title=title,
                    body_format=formats.MARKDOWN if is_markdown else formats.TEXT,
                    interpret_escapes=False,
                )
        except TimeoutError as error:
            raise TemporaryFailure(f"Apprise took more than {TIMEOUT_S} s.") from error

    def split(self, service: Any) -> None:
        """Let a text that is too long for one post go as several."""
        service.overflow_mode = self._apprise.OverflowMode.SPLIT
