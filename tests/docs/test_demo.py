"""The examples run as they stand, each as a process of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_demo_tells_its_story_to_the_end(tmp_path: Path) -> None:
    told = run(str(EXAMPLES / "demo.py"), folder=tmp_path)

    assert told.returncode == 0, told.stdout + told.stderr
    for line in (
        "Callboard answers on http://127.0.0.1:",
        "> AddMessageContact(",
        "< 400 InvalidParameter.Name: The Name is invalid.",
        "> UpdateMessageContact(",
        "> SendEmailVerificationForMessageContact(",
        "< 409 SendValidateCodeExceedsLimitForAccount: ",
        "'Status': 'Active'",
        "The process is killed (SIGKILL)",
        "< {'Status': 'Deleted'}",
        "< {'Status': 'Deleting'}",
        "< 404 EntityNotExists.Contact: This Contact does not exist.",
        "All as told.",
    ):
        assert line in told.stdout


def test_the_fixture_runs_in_a_suite_of_its_own(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "pytest_fixture.py", tmp_path / "test_contacts.py")

    ran = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_contacts.py", folder=tmp_path)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "2 passed" in ran.stdout
