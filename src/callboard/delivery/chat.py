"""Chats by the services that Apprise knows, of which an operator allows some: never a way into the own network.

Apprise makes its connections itself. So a service has a host of its own which no URL can change, or (Microsoft's
workflows) one under names that are Microsoft's; a service that people host themselves, which an operator may allow
besides, is looked up before each letter. URLs have no options but those that name a place within the service: others
would read files, or leave certificates unchecked.
"""

import asyncio
import re
from collections.abc import Collection
from importlib.util import find_spec
from typing import Any

from callboard.delivery import outside
from callboard.delivery.apprise_services import Services
from callboard.delivery.letter import Letter, PermanentFailure, TemporaryFailure
from callboard.delivery.outside import Forbidden
from callboard.settings.delivery import DeliverySettings

HOSTED = frozenset({"dingtalk", "feishu", "lark", "wecombot", "slack", "discord", "tgram", "gchat", "wxteams", "webex"})
"""Services whose host stands in Apprise itself."""
OWN_HOSTS = dict.fromkeys(
    ("workflow", "workflows"), (".logic.azure.com", ".api.powerplatform.com", ".api.powerautomate.com")
)
"""Services whose URL has a host, which must be one of theirs."""
OPTIONS = frozenset(
    {"api-version", "key", "secret", "sig", "sp", "sv", "thread", "threadkey", "thread_key", "to", "token", "topic"}
)

# As strict as this, as Apprise reads options in more ways than others do.
_OPTION = re.compile(r"([A-Za-z_-]+)=[A-Za-z0-9._~%@/:-]*")
_STATUS = re.compile(r"error=([0-9]{3})\b")


def is_installed() -> bool:
    return find_spec("apprise") is not None


def read(services: Services, url: str, *, allowed: Collection[str], allows_private: bool) -> Any:
    """The service of a URL. Raises Forbidden."""
    scheme, _, rest = url.partition("://")
    found = [_OPTION.fullmatch(each) for each in rest.partition("?")[2].split("&")] if "?" in rest else []
    if not all(each and each[1].lower() in OPTIONS for each in found):
        raise Forbidden("it has an option that is not taken")
    service = services.open(url)
    if service is None:
        raise Forbidden("it is no URL of a chat service that is known here")
    known = _schemas(service)
    # Some services' own web addresses are read, too: Slack's, Discord's.
    names = known if scheme.lower() == "https" else known & {scheme.lower()}
    if not names & set(allowed):
        raise Forbidden("that service is not allowed here")
    _check_host(service, names, allows_private=allows_private)
    service.redirects = False
    services.split(service)
    return service


def has_own_host(service: Any) -> bool:
    """Whether its URL says where it is."""
    return not _schemas(service) & HOSTED


class ChatSender:
    """Posts each letter by the service that its URL names."""

    name = "chat"

    def __init__(self, settings: DeliverySettings) -> None:
        self._allowed, self._allows_private = settings.chat_schemas, settings.webhook_private_addresses
        self._services: Services | None = None

    async def send(self, letter: Letter) -> str:
        content = letter.content
        if content.target is None:
            raise PermanentFailure("The letter has no address.")
        if self._services is None:  # Only now, as it costs time and memory.
            self._services = await asyncio.to_thread(Services)
        try:
            service = read(
                self._services, content.target.url, allowed=self._allowed, allows_private=self._allows_private
            )
            if has_own_host(service):
                await outside.addresses(service.host, service.port or 443, allows_private=self._allows_private)
        except Forbidden as error:
            raise PermanentFailure(f"Nothing is sent there: {error}.") from error
        except OSError as error:
            raise TemporaryFailure("The name of the service cannot be resolved.") from error
        result = await self._services.notify(
            service, content.text, title=content.subject, is_markdown=content.is_markdown
        )
        if not result:
            raise TemporaryFailure(_told(result))
        return "The service has taken it."

    async def close(self) -> None:
        """Apprise keeps no connection."""


def _schemas(service: Any) -> set[str]:
    found: set[str] = set()
    for each in (service.protocol, service.secure_protocol):
        found |= {each} if isinstance(each, str) else set(each or ())
    return found


def _check_host(service: Any, schemas: set[str], *, allows_private: bool) -> None:
    if not has_own_host(service):
        return
    host = str(service.host).lower()
    outside.check_host(host, allows_private=allows_private)
    suffixes = next((OWN_HOSTS[each] for each in schemas if each in OWN_HOSTS), None)
    if suffixes is not None and not host.endswith(suffixes):
        raise Forbidden("its host is none of that service's")


def _told(result: Any) -> str:
    """The status alone: what Apprise says besides has parts of the URL in it."""
    statuses = [found[1] for each in result.logs() if (found := _STATUS.search(each.message))]
    return f"The service answered {statuses[-1]}." if statuses else "The service did not take it."
