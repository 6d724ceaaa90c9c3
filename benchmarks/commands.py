"""What the benchmarks are asked for on the command line, and how each begins and ends."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import databases
import loading
from processes import BenchmarkError

Result = TypeVar("Result")


def parser(description: str, *, seconds: float, lasting: str, quick: str) -> argparse.ArgumentParser:
    """The options that several have: for how long, how often, on what, and where."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--seconds", type=float, default=seconds, help=f"{lasting} (default {seconds:g})")
    options.add_argument("--rounds", type=int, default=3, help="rounds to take the median of (default 3)")
    options.add_argument("--only", choices=databases.NAMES, help="measure on this database alone")
    options.add_argument("--quick", action="store_true", help=quick)
    options.add_argument("--directory", help="where the databases are made, on a real disk (default: TMPDIR)")
    return options


def chosen(options: argparse.Namespace) -> tuple[str, ...]:
    """The databases to measure on."""
    return (options.only,) if options.only else databases.NAMES


def run(name: str, measure: Callable[[Path], Result], *, directory: str | None = None) -> Result:
    """What is measured in a folder that is gone afterwards. Ends the process when it cannot go on."""
    try:
        loading.build()
        with tempfile.TemporaryDirectory(prefix=f"callboard-{name}-", dir=directory) as folder:
            return measure(Path(folder))
    except BenchmarkError as error:
        print(f"The benchmark failed: {error}", file=sys.stderr)
        raise SystemExit(1) from error
