"""Webhooks: events as JSON, signed, to public addresses alone (Standard Webhooks 1.0.0)."""

import asyncio
from collections.abc import Callable

import httpcore
import httpx

from callboard import __version__
from callboard.delivery import outside
from callboard.delivery.connecting import OutsideBackend
from callboard.delivery.http_answers import beginning, decode, retry_after_s
from callboard.delivery.letter import Letter, PermanentFailure, Target, TemporaryFailure
from callboard.delivery.outside import Forbidden, Place, Resolve
from callboard.delivery.placeholders import one_line
from callboard.delivery.signatures import signature
from callboard.settings.delivery import DeliverySettings

GONE = 410
"""The receiver wants nothing more. By the specification everything else that is no 2xx may be tried again."""
IDLE_S = 5.0


class WebhookSender:
    """Sends each letter by one POST. `now` tells the time in milliseconds, which is signed with it.

    Redirects are not followed, and the proxies of the environment not used: they would lead around the check.
    """

    name = "webhook"

    def __init__(
        self, settings: DeliverySettings, *, now: Callable[[], int], resolve: Resolve = outside.look_up
    ) -> None:
        self._timeout_s, self._now = settings.webhook_timeout_s, now
        self._allows_private = settings.webhook_private_addresses
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            keepalive_expiry=IDLE_S,
            network_backend=OutsideBackend(allows_private=self._allows_private, resolve=resolve),
        )

    async def send(self, letter: Letter) -> str:
        target = letter.content.target
        if target is None:
            raise PermanentFailure("The letter has no address.")
        try:
            place = outside.read(target.url, allows_private=self._allows_private)
            async with asyncio.timeout(self._timeout_s):
                return await self._post(letter, target, place)
        except Forbidden as error:
            raise PermanentFailure(f"Nothing is sent there: {error}.") from error
        except TimeoutError as error:
            raise TemporaryFailure(f"The webhook took more than {self._timeout_s} s.") from error
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise TemporaryFailure(one_line(f"{type(error).__name__}: {error}")) from error

    async def close(self) -> None:
        await self._pool.aclose()

    async def _post(self, letter: Letter, target: Target, place: Place) -> str:
        body = letter.content.text.encode()
        headers = self._headers(letter.letter_id, target, body)
        url = httpcore.URL(
            scheme=place.scheme.encode(), host=place.host.encode(), port=place.port, target=place.target.encode()
        )
        async with self._pool.stream("POST", url, headers=headers, content=body) as response:
            answer = one_line(f"{response.status} {decode(await beginning(response.aiter_stream()), None)}")
        if 200 <= response.status < 300:
            return answer
        if response.status == GONE:
            raise PermanentFailure(answer)
        asked = next((value for name, value in response.headers if name.lower() == b"retry-after"), b"")
        raise TemporaryFailure(answer, retry_after_s=retry_after_s(asked.decode("latin-1"), now=self._now()))

    def _headers(self, letter_id: str, target: Target, body: bytes) -> list[tuple[bytes | str, bytes | str]]:
        now = self._now()
        keys = [target.key, *([target.former_key] if now < target.former_until else [])]
        return [
            ("content-type", "application/json"),
            ("user-agent", f"Callboard/{__version__}"),
            ("accept-encoding", "identity"),
            ("webhook-id", letter_id),
            ("webhook-timestamp", str(now // 1000)),
            ("webhook-signature", " ".join(signature(each, letter_id, now // 1000, body) for each in keys)),
        ]
