"""The file of the master key while the key is replaced: at every moment one of two files holds the one in force.

A new key lies in `master.key.new` before the database is encrypted under it, and takes the place of `master.key` once
that is committed. Whoever is killed in between leaves both, and the next start takes the one that the database knows.
The old key stays in `master.key.old`: it opens backups that were made before.
"""

import base64
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from callboard.access.vault import FILE_NAME, Vault, read_master_key
from callboard.errors import StartupError

NEW, OLD = f"{FILE_NAME}.new", f"{FILE_NAME}.old"


@contextmanager
def alone(data_dir: str) -> Iterator[Path]:
    """The data folder, for one process at a time: until the block ends others who ask for it wait."""
    folder = Path(data_dir)
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise StartupError(f"The data folder {folder} cannot be opened: {error.strerror}.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(descriptor)


def stage(folder: Path, key: bytes) -> None:
    """Lay a new key beside the one in force, durably; one that lies there was never used."""
    draft = folder / NEW
    try:
        with suppress(FileNotFoundError):
            draft.unlink()
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(base64.b64encode(key) + b"\n")
            out.flush()
            os.fsync(out.fileno())
        _sync(folder)
    except OSError as error:
        raise StartupError(f"The new master key cannot be written to {draft}: {error.strerror}.") from error


def promote(folder: Path) -> None:
    """Put the new key in force, after the database was encrypted under it; the old one stays beside it."""
    try:
        with suppress(FileNotFoundError):
            (folder / OLD).unlink()
        os.link(folder / FILE_NAME, folder / OLD)
        (folder / NEW).replace(folder / FILE_NAME)
        _sync(folder)
    except OSError as error:
        raise StartupError(
            f"The new master key is in {folder / NEW} and cannot take the place of {FILE_NAME}: {error.strerror}. "
            "Rename it by hand: the database is encrypted under it."
        ) from error


def in_force(data_dir: str, fingerprint: str) -> Vault | None:
    """The vault under the key in this folder that a database has the fingerprint of.

    A rotation that was killed before it had put its key in force is brought to its end here.
    """
    with alone(data_dir) as folder:  # A rotation under way is waited for.
        for name in (FILE_NAME, NEW):
            vault = _read(folder / name)
            if vault is not None and vault.fingerprint == fingerprint:
                if name == NEW:
                    promote(folder)
                return vault
    return None


def _read(file: Path) -> Vault | None:
    try:
        return Vault(read_master_key(file.read_text(encoding="ascii")))
    except (OSError, UnicodeDecodeError, StartupError):  # Not there, or a draft that was never finished.
        return None


def _sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
