"""SMS by Apprise, to a server that takes its JSON."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest

from callboard.delivery.apprise_sms import AppriseSender
from callboard.delivery.letter import Letter, PermanentFailure, TemporaryFailure
from callboard.errors import StartupError
from callboard.settings import Settings
from tests.delivery.letters import sms
from tests.delivery.web_servers import Gateway, web_server

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # Apprise looks whether it is there.


class Log(logging.Handler):
    """What reaches the root logger, as the program's own log does. caplog hears what does not, too."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def log() -> Iterator[Log]:
    handler = Log()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def deliver(gateway: Gateway, letter: Letter) -> str:
    async def act() -> str:
        async with web_server(gateway) as port:
            sender = AppriseSender(Settings(sms_apprise_url=f"json://u:s3cret@127.0.0.1:{port}/sms/{{number}}"))
            answer = await sender.send(letter)
            await sender.close()
            return answer

    return asyncio.run(act())


def test_a_letter_arrives_with_its_number_in_the_address() -> None:
    gateway = Gateway()
    text = 'Your "code" {number} is \\n 123456 & 验证码 <b>:)</b>'

    answer = deliver(gateway, sms(text))

    (request,) = gateway.requests
    assert answer == "Apprise has handed over the SMS."
    assert request.target == "/sms/8613900001234"
    assert request.tree["message"] == text


def test_a_refusal_is_temporary_as_apprise_does_not_tell_more() -> None:
    with pytest.raises(TemporaryFailure, match="error=401"):
        deliver(Gateway(status="401 No"), sms())


def test_what_is_no_number_is_refused_for_good() -> None:
    gateway = Gateway()

    with pytest.raises(PermanentFailure, match="not a phone number"):
        deliver(gateway, sms(recipient="86-1/../2"))

    assert gateway.requests == []


def test_a_failure_puts_neither_text_nor_receiver_nor_address_into_the_log(log: Log) -> None:
    with pytest.raises(TemporaryFailure):
        deliver(Gateway(status="500 Broken"), sms())

    assert log.lines == []


@pytest.mark.parametrize("url", ["nosuch://s3cret/{number}", "s3cret{number}", "twilio://s3cret@{number}"])
def test_an_url_that_apprise_cannot_read_stops_the_start_and_is_not_shown(url: str, log: Log) -> None:
    with pytest.raises(StartupError, match="sms_apprise_url") as refused:
        AppriseSender(Settings(sms_apprise_url=url))

    assert "s3cret" not in str(refused.value)
    assert log.lines == []


@pytest.mark.parametrize(
    ("missing", "module", "sender", "extra"),
    [
        ("apprise", "apprise_sms", "AppriseSender", "apprise"),
        ("alibabacloud_dysmsapi20170525", "aliyun_sms", "AliyunSender", "aliyun-sms"),
    ],
)
def test_an_extra_that_is_not_installed_is_named(missing: str, module: str, sender: str, extra: str) -> None:
    program = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        f"from callboard.delivery.{module} import {sender}\n"
        f"from callboard.settings import Settings\n"
        f"{sender}(Settings(sms_apprise_url='json://localhost/{{number}}'))"
    )

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert "StartupError: The setting" in ended.stderr
    assert f"pip install 'callboard[{extra}]'" in ended.stderr
