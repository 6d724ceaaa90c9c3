"""The server process: socket, greeting, uvicorn, and a stop that lets calls in flight finish."""

import asyncio
import errno
import gc
import signal
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import uvicorn
import uvloop
from prometheus_client import start_http_server

from callboard.api.protocol import Protocol
from callboard.errors import StartupError
from callboard.provision import NewKey, provision
from callboard.runtime import Runtime
from callboard.settings import Settings
from callboard.settings.server import read_address
from callboard.wiring import Inbound, build_runtime, build_web, build_worker, working

KEEP_ALIVE_S = 75
BACKLOG = 2048
GC_THRESHOLDS = (20_000, 20, 20)
TLS_GOODBYE_S = 1.0


class EventLoop(uvloop.Loop):
    """uvloop, but a TLS client that has gone quiet does not hold up a stop: it has a second to say goodbye, not 30."""

    async def create_server(self, *arguments: Any, **options: Any) -> Any:  # asyncio.Server, or uvloop's own
        if options.get("ssl") is not None:
            options["ssl_shutdown_timeout"] = TLS_GOODBYE_S
        return await super().create_server(*arguments, **options)


def prepare(settings: Settings, *, address: str = "") -> tuple[Runtime, NewKey | None]:
    """A runtime whose database is ready for the first call, and the access key if one was made now."""
    runtime = build_runtime(settings, address=address)
    return runtime, provision(runtime.database, runtime.vault, settings, now=runtime.wall_clock())


def serve(settings: Settings) -> None:
    """Listen until told to stop. Raises StartupError for whatever keeps the server from starting."""
    listener = listen(settings)
    check_exposure(settings)
    runtime, key = prepare(settings, address=link_address(settings, listener))
    config = uvicorn.Config(
        build_web(runtime, settings),
        loop=f"{__name__}:EventLoop",
        http=Protocol,
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=settings.stop_timeout_s,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        ssl_certfile=settings.tls_certificate or None,
        ssl_keyfile=settings.tls_key or None,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        raise StartupError(f"The TLS certificate or key cannot be used: {error}.") from error
    server = uvicorn.Server(config)
    for each in (signal.SIGINT, signal.SIGTERM):
        # A signal that comes before uvicorn listens for it must not be lost. uvicorn raises it once more after the
        # graceful stop; by then all that it asked for is done.
        signal.signal(each, lambda *_: setattr(server, "should_exit", True))
    greet(settings, listener, key)
    runtime.log.info(
        "listening",
        address=_address(listener),
        database=settings.url.split(":", 1)[0],
        mailbox=sorted(runtime.terms.kept_channels),
        test_controls=settings.test_controls,
    )
    gc.freeze()  # What start-up made stays, and the collector need not look at it again,
    gc.set_threshold(*GC_THRESHOLDS)  # nor at every few hundred objects of calls that end in milliseconds.
    server.run(sockets=[listener])


def listen(settings: Settings) -> socket.socket:
    """The listening socket. Raises StartupError for a taken port or an address that is not ours."""
    host, port = settings.address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        reason = "it is in use; stop what listens there, or set CALLBOARD_LISTEN to another port (0: any free one)"
        raise StartupError(
            f"Cannot listen on {settings.listen}: {reason if error.errno == errno.EADDRINUSE else error.strerror}."
        ) from error
    listener.listen(BACKLOG)
    listener.set_inheritable(True)
    return listener


def work(settings: Settings) -> None:
    """Deliver letters, and do the background work, until told to stop. Raises StartupError."""
    runtime = build_runtime(settings)
    with _measured(runtime, settings):
        uvloop.run(_work(runtime, settings, Inbound(runtime, settings)))
    runtime.database.close()
    runtime.traces.close()
    runtime.log.info("stopped")


@contextmanager
def _measured(runtime: Runtime, settings: Settings) -> Iterator[None]:
    """Serve the worker's metrics, if asked to. Raises StartupError."""
    if not settings.worker_metrics:
        yield
        return
    host, port = read_address(settings.worker_metrics)
    try:
        server, thread = start_http_server(port, host, runtime.metrics.registry)
    except OSError as error:
        raise StartupError(f"Cannot serve metrics on {settings.worker_metrics}: {error.strerror}.") from error
    runtime.log.info("measured", address=f"{host}:{server.server_port}")
    yield
    server.shutdown()
    thread.join()
    server.server_close()


async def _work(runtime: Runtime, settings: Settings, inbound: Inbound) -> None:
    told = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, told.set)
    async with working(runtime, settings, inbound, build_worker(runtime, settings)):
        kept = sorted(runtime.terms.kept_channels)
        runtime.log.info("working", database=settings.url.split(":", 1)[0], mailbox=kept)
        await told.wait()


def check_exposure(settings: Settings) -> None:
    """Letters that stay in the mailbox can be read by whoever reaches the server, so not by everybody unasked."""
    if settings.kept_channels and not settings.mailbox and not _is_loopback(settings.address[0]):
        kept = " and ".join({"email": "emails", "sms": "SMS"}[each] for each in sorted(settings.kept_channels))
        raise StartupError(
            f"On {settings.listen} others could read the mailbox, where {kept} stay as no provider is set for them. "
            "Set smtp_host and a way for SMS, or CALLBOARD_MAILBOX=true if that is what you want."
        )
    if not settings.public_url and _is_wildcard(settings.address[0]) and len(settings.kept_channels) < 2:
        raise StartupError(
            "Set CALLBOARD_PUBLIC_URL: the address under which people reach this server, for the links in letters."
        )


def link_address(settings: Settings, listener: socket.socket) -> str:
    """Where the links in letters lead unless a public URL is set: here."""
    scheme = "https" if settings.tls_certificate else "http"
    if _is_wildcard(settings.address[0]):
        return f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
    return f"{scheme}://{_address(listener)}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_wildcard(host: str) -> bool:
    return host in ("0.0.0.0", "::")  # noqa: S104 (asked about, not listened on)


def greet(settings: Settings, listener: socket.socket, key: NewKey | None) -> None:
    """Print what a newcomer needs next."""
    scheme = "https" if settings.tls_certificate else "http"
    address = _address(listener)
    print(f"Callboard answers on {scheme}://{address}/", flush=True)
    if key is not None:
        show_key(key)
        print(_snippet(scheme, address, key), flush=True)
    elif settings.root_access_key_id:
        print(f"Access key {settings.root_access_key_id}, with the secret from the settings.", flush=True)
    if settings.kept_channels:
        kept = " and ".join({"email": "Emails", "sms": "SMS"}[each] for each in sorted(settings.kept_channels))
        print(f"{kept} stay in the mailbox: `callboard mailbox`, or {scheme}://{address}/mailbox", flush=True)
    if settings.test_controls:
        print(
            f"TEST CONTROLS are on at {scheme}://{address}/test/: whoever reaches them confirms any address.",
            flush=True,
        )


def show_key(key: NewKey) -> None:
    """Print a new access key. Its secret is nowhere else to be had."""
    print(f"Account            {key.account_id}")
    print(f"Access key id      {key.access_key_id}")
    print(f"Access key secret  {key.secret}   (shown this once: keep it)", flush=True)


def _snippet(scheme: str, address: str, key: NewKey) -> str:
    return f"""
Try it now (pip install alibabacloud-resourcedirectorymaster20220419):

from alibabacloud_resourcedirectorymaster20220419.client import Client
from alibabacloud_resourcedirectorymaster20220419.models import AddMessageContactRequest
from alibabacloud_tea_openapi.models import Config

client = Client(Config(
    access_key_id="{key.access_key_id}",
    access_key_secret="{key.secret}",
    endpoint="{address}", protocol="{scheme}",
))
print(client.add_message_contact(AddMessageContactRequest(
    name="tom", email_address="tom@example.com", title="TechnicalDirector",
    message_types=["AccountExpenses", "FaultMessage"],
)).body)
"""


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
