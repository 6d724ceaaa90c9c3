"""How webhooks connect: to addresses that were checked, and to no other."""

from collections.abc import Iterable
from typing import Any

import httpcore

from callboard.delivery.outside import Resolve, addresses, look_up


class OutsideBackend(httpcore.AsyncNetworkBackend):
    """Connects to checked addresses alone. TLS is still spoken with the name."""

    def __init__(self, *, allows_private: bool, resolve: Resolve = look_up) -> None:
        self._allows_private, self._resolve = allows_private, resolve
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's name)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            found = await addresses(host, port, allows_private=self._allows_private, resolve=self._resolve)
        except OSError as error:
            raise httpcore.ConnectError(f"the name cannot be resolved: {error}") from error
        failure: Exception = httpcore.ConnectError("the name has no address")
        for address in found:
            try:
                return await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)
