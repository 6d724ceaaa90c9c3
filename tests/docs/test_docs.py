"""What is written is so: files that are named exist, links lead somewhere, generated pages are fresh."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS
from callboard.reference import pages
from callboard.settings import FIELDS, PREFIX

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
NAMED_FILE = re.compile(r"[\w./-]+\.(?:py|toml)\b")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def title(page: Path) -> str:
    return str(page.relative_to(ROOT))


def targets(makefile: str) -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


def made(text: str) -> set[str]:
    """The targets that a text tells to make: in code, or on a line of their own."""
    return set(re.findall(r"(?:^ *|`)make ([a-z][a-z-]*)", text, re.MULTILINE))


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in titles}


def test_every_file_that_the_architecture_names_exists() -> None:
    known = {str(file.relative_to(ROOT)) for file in (ROOT / "src/callboard").rglob("*.py")}
    known |= {file.name for file in ROOT.glob("*.toml")} | {"callboard.toml"}

    named = set(NAMED_FILE.findall(read("docs/architecture.md")))

    assert len(named) > 30
    assert [name for name in named if not any(f"/{each}".endswith(f"/{name}") for each in known)] == []


def test_the_architecture_names_every_module() -> None:
    text = read("docs/architecture.md")
    modules = (ROOT / "src/callboard").rglob("*.py")
    apart = {"__init__.py", "__main__.py"}

    named = set(NAMED_FILE.findall(text))
    names = {file.name for file in modules if file.name not in apart and file.parent.name != "versions"}

    assert sorted(names - {Path(name).name for name in named}) == []


def test_the_written_reference_is_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert pages.stale() == []


def test_a_stale_page_is_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "callboard.reference.pages"]
    subprocess.run([*command, "--write"], cwd=tmp_path, check=True)
    (tmp_path / "docs/settings.md").write_text("old")

    checked = subprocess.run([*command, "--check"], cwd=tmp_path, check=False, capture_output=True, text=True)

    assert (checked.returncode, checked.stdout) == (1, "docs/settings.md is stale: run `make fix`.\n")


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_is_documented(name: str) -> None:
    assert f"| `{name}` | `{PREFIX}{name.upper()}` |" in read("docs/settings.md")


@pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda action: action.name)
def test_every_action_is_documented_with_its_parameters_and_refusals(action) -> None:
    _, _, rest = read("docs/reference.md").partition(f"\n## {action.name}\n")
    part = rest.partition("\n## ")[0]

    missing = [field.name for field in action.fields if f"| `{field.name}` |" not in part]
    missing += [error.code for error in action.errors if f"| {error.status} | `{error.code}` |" not in part]

    assert part
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_every_link_between_the_pages_resolves(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    broken = []
    for link in LINK.findall(text):
        if link.startswith(("https://", "http://")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name) if name else page
        is_there = target.exists() and ROOT in target.resolve().parents
        if not is_there or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            broken.append(link)

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_lines_fit_a_screen(page: Path) -> None:
    is_generated = str(page.relative_to(ROOT)) in pages.PAGES
    lines = page.read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if len(line) > 120 and not (is_generated and line.startswith("|"))] == []


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_no_page_names_a_make_target_that_is_not_there(page: Path) -> None:
    assert made(page.read_text(encoding="utf-8")) <= targets(read("Makefile"))


def test_the_readme_tells_how_to_serve_and_to_test() -> None:
    assert {"serve", "test", "demo", "check"} <= made(read("README.md"))


def test_continuous_integration_runs_only_what_the_readme_names() -> None:
    called = made(read(".ci/run"))
    commands = [line for line in read(".ci/run").splitlines() if line and not line.startswith(("#", "set "))]

    assert called
    assert called <= made(read("README.md"))
    assert all(command.startswith("make ") for command in commands)


def test_decisions_are_numbered_without_a_gap() -> None:
    names = sorted(file.name for file in (ROOT / "docs/decisions").iterdir())

    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
