"""SMS by any service that Apprise knows, named by one of its URLs."""

from typing import Any

from callboard.delivery.apprise_services import Services
from callboard.delivery.letter import Letter, PermanentFailure, TemporaryFailure
from callboard.delivery.placeholders import Phone, one_line
from callboard.errors import StartupError
from callboard.settings.delivery import DeliverySettings

SAMPLE_NUMBER = "8613900001234"
"""To see at the start whether Apprise can read the URL."""


class AppriseSender:
    """Sends each letter to the service of the URL, with the letter's number in it."""

    name = "apprise"

    def __init__(self, settings: DeliverySettings) -> None:
        try:
            self._services = Services()
        except ImportError as error:
            raise StartupError("The setting sms_apprise_url needs: pip install 'callboard[apprise]'.") from error
        self._url = settings.sms_apprise_url
        if self._service(SAMPLE_NUMBER) is None:
            raise StartupError("Apprise cannot read the setting sms_apprise_url.")

    async def send(self, letter: Letter) -> str:
        phone = Phone.read(letter.recipient)
        service = self._service(phone.country + phone.national)
        if service is None:
            raise PermanentFailure("Apprise cannot read its URL with this number in it.")
        result = await self._services.notify(service, letter.content.text)
        if not result:
            told = " ".join(each.message for each in result.logs())
            raise TemporaryFailure(one_line(told) or "Apprise could not hand over the SMS.")
        return "Apprise has handed over the SMS."

    async def close(self) -> None:
        """Apprise keeps no connection."""

    def _service(self, number: str) -> Any:
        return self._services.open(self._url.replace("{number}", number))
