"""Letters by email, to real servers: what arrives, how it is protected, and which connection carries it."""

import asyncio
import ssl
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from callboard.delivery.letter import TemporaryFailure
from callboard.delivery.smtp import SmtpSender
from callboard.errors import StartupError
from callboard.settings import Settings
from tests.delivery.letters import CREATED_AT, email
from tests.delivery.mail_servers import PASSWORD, USER, Postbox, mail_server, smtp_sender, trusting
from tests.e2e.test_tls import self_signed


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def identity(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    return trusting(*certificate)


def test_a_mail_arrives_with_both_texts_and_its_headers() -> None:
    postbox = Postbox()

    async def act() -> str:
        async with mail_server(postbox) as port, smtp_sender(port) as sender:
            return await sender.send(email())

    answer = asyncio.run(act())

    (mail,), (envelope,) = postbox.mails, postbox.envelopes
    assert answer == "250 OK queued as 1"
    assert (envelope.mail_from, envelope.rcpt_tos) == ("no-reply@example.com", ["tom@example.org"])
    assert mail["From"] == "Callboard <no-reply@example.com>"
    assert mail["To"] == "tom@example.org"
    assert mail["Subject"] == "Confirm your address 请确认"
    assert parsedate_to_datetime(mail["Date"]).timestamp() == CREATED_AT // 1000
    assert mail["Message-ID"] == "<l-0123456789abcdef@example.com>"
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == email().content.text
    assert html.get_content().replace("\r\n", "\n") == email().content.html
    assert envelope.content.isascii()


def test_a_repeat_is_the_same_mail_to_the_byte() -> None:
    postbox = Postbox()

    async def act() -> None:
        async with mail_server(postbox) as port, smtp_sender(port) as sender:
            await sender.send(email())
            await sender.send(email())

    asyncio.run(act())

    first, second = postbox.envelopes
    assert first.content == second.content


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_letter_travels_encrypted_and_after_a_login(
    certificate: tuple[Path, Path], identity: ssl.SSLContext, security: str
) -> None:
    postbox = Postbox()
    given = {"smtp_security": security, "smtp_ca": str(certificate[0]), "smtp_user": USER, "smtp_password": PASSWORD}

    async def act() -> None:
        server = mail_server(postbox, **{security: identity}, with_login=True)
        async with server as port, smtp_sender(port, **given) as sender:
            await sender.send(email())

    asyncio.run(act())

    assert len(postbox.mails) == 1


def test_without_a_login_a_letter_travels_encrypted_too(
    certificate: tuple[Path, Path], identity: ssl.SSLContext
) -> None:
    postbox = Postbox()

    async def act() -> None:
        server = mail_server(postbox, starttls=identity)
        async with server as port, smtp_sender(port, smtp_security="starttls", smtp_ca=str(certificate[0])) as sender:
            await sender.send(email())

    asyncio.run(act())

    assert len(postbox.mails) == 1


def test_a_server_without_starttls_gets_nothing() -> None:
    postbox = Postbox()
    given = {"smtp_security": "starttls", "smtp_user": USER, "smtp_password": PASSWORD}

    async def act() -> None:
        async with mail_server(postbox) as port, smtp_sender(port, **given) as sender:
            await sender.send(email())

    with pytest.raises(TemporaryFailure, match="STARTTLS"):
        asyncio.run(act())

    assert postbox.envelopes == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_a_wrong_authority_vouches_for_gets_nothing(
    tmp_path: Path, identity: ssl.SSLContext, security: str
) -> None:
    postbox = Postbox()
    stranger, _ = self_signed(tmp_path)

    async def act() -> None:
        server = mail_server(postbox, **{security: identity})
        async with server as port, smtp_sender(port, smtp_security=security, smtp_ca=str(stranger)) as sender:
            await sender.send(email())

    with pytest.raises(TemporaryFailure, match="CERTIFICATE_VERIFY_FAILED"):
        asyncio.run(act())

    assert postbox.envelopes == []


def test_a_wrong_password_is_a_temporary_failure(certificate: tuple[Path, Path], identity: ssl.SSLContext) -> None:
    given = {"smtp_security": "tls", "smtp_ca": str(certificate[0]), "smtp_user": USER, "smtp_password": "wrong"}

    async def act() -> None:
        server = mail_server(Postbox(), tls=identity, with_login=True)
        async with server as port, smtp_sender(port, **given) as sender:
            await sender.send(email())

    with pytest.raises(TemporaryFailure, match=r"^535 "):
        asyncio.run(act())


@pytest.mark.parametrize("given", [{"smtp_from": "nobody"}, {"smtp_from": "用户@x.org"}, {"smtp_ca": "/no/such/file"}])
def test_settings_that_nothing_can_be_sent_with_stop_the_start(given: dict[str, str]) -> None:
    settings = Settings(**{"smtp_host": "127.0.0.1", "smtp_from": "a@x.org", **given})

    with pytest.raises(StartupError, match=next(iter(given))):
        SmtpSender(settings)
