"""SMS by any service that Apprise knows, named by one of its URLs."""

import asyncio
import logging
from typing import Any

from callboard.delivery.letter import Letter, PermanentFailure, TemporaryFailure
from callboard.delivery.placeholders import Phone, one_line
from callboard.errors import StartupError
from callboard.settings.delivery import DeliverySettings

TIMEOUT_S = 30
SAMPLE_NUMBER = "8613900001234"
"""To see at the start whether Apprise can read the URL."""


class AppriseSender:
    """Sends each letter to the service of the URL, with the letter's number in it."""

    name = "apprise"

    def __init__(self, settings: DeliverySettings) -> None:
        try:
            import apprise  # An extra, and it costs start-up time.
        except ImportError as error:
            raise StartupError("The setting sms_apprise_url needs: pip install 'callboard[apprise]'.") from error
        # What Apprise logs names receivers, and parts of the URL. It still collects its lines for the result.
        logging.getLogger(apprise.LOGGER_NAME).propagate = False
        self._apprise = apprise
        self._asset = apprise.AppriseAsset(storage_mode=apprise.PersistentStoreMode.MEMORY)
        self._url = settings.sms_apprise_url
        if self._service(SAMPLE_NUMBER) is None:
            raise StartupError("Apprise cannot read the setting sms_apprise_url.")

    async def send(self, letter: Letter) -> str:
        phone = Phone.read(letter.recipient)
        service = self._service(phone.country + phone.national)
        if service is None:
            raise PermanentFailure("Apprise cannot read its URL with this number in it.")
        service_call = self._apprise.Apprise(service, asset=self._asset)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                result = await service_call.async_notify(
                    letter.content.text, body_format=self._apprise.NotifyFormat.TEXT, interpret_escapes=False
                )
        except TimeoutError as error:
            raise TemporaryFailure(f"Apprise took more than {TIMEOUT_S} s.") from error
        if not result:
            told = " ".join(each.message for each in result.logs())
            raise TemporaryFailure(one_line(told) or "Apprise could not hand over the SMS.")
        return "Apprise has handed over the SMS."

    async def close(self) -> None:
        """Apprise keeps no connection."""

    def _service(self, number: str) -> Any:
        return self._apprise.Apprise.instantiate(self._url.replace("{number}", number), asset=self._asset)
