"""`callboard templates`, `publish --template`, `test-contact`; `deliveries` of a contact, or as they happen."""

import contextlib
import io
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from callboard.cli import main
from callboard.delivery.outbox import State
from callboard.settings import Settings
from tests.e2e.processes import Installation, until
from tests.messages.press import Present, call, claimed, end, letters, published, shown
from tests.messages.test_delivery import ELSEWHERE, site
from tests.recipients.world import World

pytest_plugins = ["tests.e2e.surroundings"]
FILE = '''name = "down"
content_type = "Markdown"

[en]
subject = "Database {{ name }} \\"does\\" not answer"
content = """
Since *{{ since }}*.\\\\
"""

[zh]
subject = "数据库 {{ name }} 没有响应"
content = """
自 {{ since }} 起。"""
'''
VARIABLES = ("--var", "name=p-1", "--var", "since=10:02=UTC")


@pytest.fixture
def world(own_settings: Settings) -> Iterator[World]:
    """On a server of its own: an operator's commands see every directory."""
    with site(own_settings, **ELSEWHERE) as made:
        yield made


class Shell:
    """Commands run in this process, in a folder, over the world's database."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out, self._errors = folder, io.StringIO(), io.StringIO()

    def run(self, *arguments: str) -> int:
        """The exit code; what was printed is in `out`."""
        self.out, self._errors = io.StringIO(), io.StringIO()
        with (
            contextlib.redirect_stdout(self.out),
            contextlib.redirect_stderr(self._errors),
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setattr(sys, "argv", ["callboard", *arguments])
            with pytest.raises(SystemExit) as end:
                main()
        return int(end.value.code or 0)

    def says(self, *arguments: str) -> str:
        code = self.run(*arguments)
        assert (code, self._errors.getvalue()) == (0, "")
        return self.out.getvalue()

    def refused(self, *arguments: str) -> str:
        """The one line with which a command ends that cannot do its work."""
        assert self.run(*arguments) == 2
        (line,) = self._errors.getvalue().splitlines()
        return line

    @property
    def lines(self) -> list[str]:
        return self.out.getvalue().splitlines()


@pytest.fixture
def settings(world: World) -> dict[str, str]:
    own = world.server.settings
    elsewhere = {name: value for name, value in ELSEWHERE.items() if name != "worker"}
    return {"database_url": own.url, "data_dir": str(own.data_dir), **elsewhere}


@pytest.fixture
def shell(settings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    for name, value in settings.items():
        monkeypatch.setenv(f"CALLBOARD_{name.upper()}", value)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "down.toml").write_text(FILE, encoding="utf-8")
    return Shell(tmp_path)


def test_a_template_is_put_shown_previewed_published_by_and_deleted(world: World, shell: Shell) -> None:
    member = world.member()
    account = ("--account", world.account.account_id)

    put = shell.says("templates", "put", "down.toml", *account)
    again = shell.says("templates", "show", "down", *account)
    listed = shell.says("templates", "list", *account)
    preview = shell.says("templates", "preview", "down", *VARIABLES, *account)
    html = shell.says("templates", "preview", "--file", "down.toml", "--html", *VARIABLES, *account)
    shell.run("publish", member, "FaultMessage", "--severity", "Info", "--template", "down", *VARIABLES)
    message = shown(world.account, shell.out.getvalue().strip())
    deleted = shell.says("templates", "delete", "down", *account)

    assert put == "down is saved; variables: name, since.\n"
    assert again.strip() == FILE.strip()
    assert listed.split() == ["down", "Markdown", "en,", "zh", "name,", "since"]
    assert 'Subject: Database p-1 "does" not answer' in preview
    assert "自 10:02=UTC 起。" in preview
    assert "<em>10:02=UTC</em>" in html
    assert (message["Subject"], message["ContentType"]) == ('Database p-1 "does" not answer', "Markdown")
    assert deleted == "down is deleted.\n"
    assert shell.says("templates", "list", *account) == ""


def test_what_does_not_fit_is_refused_in_one_line(world: World, shell: Shell) -> None:
    texts = {
        "bad": 'name = "bad"\n[en]\nsubject = "s"\ncontent = "a\\n{% for x %}"\n',
        "odd": 'name = "odd"\n[en]\nsubject = "s"\ntext = "x"\n',
        "more": 'name = "more"\nlanguage = "en"\n',
        "number": 'name = "number"\n[en]\nsubject = 1\ncontent = "c"\n',
        "no": "{}",
    }
    for name, text in texts.items():
        (shell.folder / f"{name}.toml").write_text(text)
    account = ("--account", world.account.account_id)
    usual = ("publish", world.member(), "FaultMessage", "--severity", "Info")

    for part, arguments in {
        "not valid in English: ContentEn, line 2: for is not allowed": ("templates", "put", "bad.toml", *account),
        "[en] has subject and content": ("templates", "put", "odd.toml", *account),
        "language means nothing here": ("templates", "put", "more.toml", *account),
        "SubjectEn is not valid": ("templates", "put", "number.toml", *account),
        "no.toml cannot be read": ("templates", "put", "no.toml", *account),
        "none.toml cannot be read": ("templates", "put", "none.toml", *account),
        "template does not exist": ("templates", "show", "none", *account),
        "name=value": ("templates", "preview", "none", "--var", "x", *account),
        "Name a template, or a --file": ("templates", "preview", *account),
        "specify the variable name": ("templates", "preview", "--file", "down.toml", *account),
        "several resource directories": ("templates", "list"),
        "1 manages no resource directory": ("templates", "list", "--account", "1"),
        "a --subject, or a --template": (*usual, "--file", "down.toml"),
        "either TemplateName": (*usual, "--template", "down", "--subject", "s"),
    }.items():
        assert part in shell.refused(*arguments)


def test_a_contact_is_tested_and_what_it_got_is_shown(world: World, shell: Shell) -> None:
    tom = world.contact("tom", email="tom@example.com", phone="86-13900001234", is_phone_proven=True)
    new = world.contact("new", is_proven=False)

    message_id = shell.says("test-contact", tom).strip()
    table = shell.says("deliveries", "--contact", tom).splitlines()
    as_json = json.loads(shell.says("deliveries", "--contact", tom, "--json"))

    assert shown(world.account, message_id)["Kind"] == "Test"
    assert len(table) == 6
    assert table[0].startswith(f"Info ServiceMessage about {world.account.account_id}, ")
    assert table[0].endswith(f": Test message ({message_id})")
    assert {each["Channel"] for each in as_json} == {"email", "sms"}
    assert as_json == call(world.account, "ListDeliveries", ContactId=tom).json["Deliveries"]
    assert "neither a proven address" in shell.refused("test-contact", new)
    assert "no contact c-0123456789abcdex" in shell.refused("test-contact", "c-0123456789abcdex")
    assert f"no delivery to contact {new}" in shell.refused("deliveries", "--contact", new)
    assert "one message, or one --contact" in shell.refused("deliveries")
    assert "one message, or one --contact" in shell.refused("deliveries", "m-x", "--contact", tom)


def send(world: World) -> None:
    """As a worker would."""
    for each in claimed(world):
        end(world, each, State.SENT)


@pytest.mark.parametrize("as_json", [False, True])
def test_each_change_is_printed_until_nothing_is_queued(world: World, shell: Shell, *, as_json: bool) -> None:
    member = world.member()
    world.bind(world.contact("tom", email="tom@example.com"), member)
    world.bind(world.contact("ann", email="ann@example.com"), member)
    message_id = published(world.account, member)

    def send_once_they_are_shown() -> None:
        until(lambda: len(shell.lines) == 2, "both are shown as they stand")
        send(world)

    with ThreadPoolExecutor() as pool:
        sending = pool.submit(send_once_they_are_shown)
        shell.says("deliveries", "--follow", message_id, *(["--json"] if as_json else []))
        sending.result()
    states = [json.loads(each)["State"] if as_json else each.split()[4].rstrip(",") for each in shell.lines]

    assert states == ["Queued", "Queued", "Sent", "Sent"]


def test_what_has_ended_already_is_shown_once(world: World, shell: Shell) -> None:
    message_id = published(world.account, world.member())

    (line,) = shell.says("deliveries", "--follow", message_id).splitlines()

    assert line.split()[1:5] == [message_id, "email", "administrator", "Kept,"]
    assert "no message m-x" in shell.refused("deliveries", "--follow", "m-x")


def test_who_has_seen_enough_ends_it_without_an_error(world: World, settings: dict[str, str], tmp_path: Path) -> None:
    """A process of its own, which gets the signal of Ctrl-C."""
    member, tom = world.member(), world.contact("tom", email="tom@example.com")
    world.bind(tom, member)
    first, second = published(world.account, member), published(world.account, member)
    installation, out = Installation(tmp_path / "home", **settings), tmp_path / "out"
    with out.open("wb") as opened:
        process = subprocess.Popen(
            [sys.executable, "-m", "callboard", "deliveries", "--follow", "--contact", tom],
            cwd=installation.folder,
            env=installation._environment({}),
            stdout=opened,
        )

    until(lambda: len(out.read_text().splitlines()) == 2, "both are shown, the older one first")
    process.send_signal(signal.SIGINT)

    assert process.wait(30) == 0
    assert [line.split()[1] for line in out.read_text().splitlines()] == [first, second]


def test_a_contact_is_found_in_whichever_directory_it_is(world: World, shell: Shell) -> None:
    other = Present(world.server.account())
    tom = other.contact("tom", email="tom@example.com")

    shell.says("test-contact", tom)

    assert letters(world, "tom@example.com") == []
    assert len(call(other.account, "ListDeliveries").json["Deliveries"]) == 1
