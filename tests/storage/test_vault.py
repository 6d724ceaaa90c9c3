"""Secrets at rest, and the file of the master key."""

import base64
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from callboard.access.vault import FILE_NAME, Vault, load_master_key, new_master_key, read_master_key
from callboard.errors import StartupError


def test_a_secret_comes_back_as_it_was(vault: Vault) -> None:
    sealed = vault.encrypt("geheimnis 秘密", belongs_to="LTAIone")

    assert vault.decrypt(sealed, belongs_to="LTAIone") == "geheimnis 秘密"
    assert b"geheimnis" not in sealed


def test_no_two_encryptions_are_alike(vault: Vault) -> None:
    sealed = {vault.encrypt("secret", belongs_to="LTAIone") for _ in range(100)}

    assert len(sealed) == 100


def test_another_owner_or_another_key_cannot_read_a_secret(vault: Vault) -> None:
    sealed = vault.encrypt("secret", belongs_to="LTAIone")

    for other, owner in ((vault, "LTAItwo"), (Vault(new_master_key()), "LTAIone")):
        with pytest.raises(StartupError, match=f"{owner} was encrypted with another master key"):
            other.decrypt(sealed, belongs_to=owner)


@pytest.mark.parametrize("position", [0, 12, -1])
def test_a_secret_that_was_tampered_with_is_refused(vault: Vault, position: int) -> None:
    sealed = bytearray(vault.encrypt("secret", belongs_to="LTAIone"))
    sealed[position] ^= 1

    with pytest.raises(StartupError):
        vault.decrypt(bytes(sealed), belongs_to="LTAIone")


@pytest.mark.parametrize("sealed", [b"", b"short", b"x" * 12])
def test_a_secret_that_was_cut_off_is_refused(vault: Vault, sealed: bytes) -> None:
    with pytest.raises(StartupError):
        vault.decrypt(sealed, belongs_to="LTAIone")


def test_the_fingerprint_tells_keys_apart_and_not_the_key() -> None:
    key = new_master_key()

    assert Vault(key).fingerprint == Vault(key).fingerprint
    assert Vault(key).fingerprint != Vault(new_master_key()).fingerprint
    assert key.hex() not in Vault(key).fingerprint


def test_a_new_master_key_is_for_its_owner_alone_and_stays(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    first = load_master_key(str(folder), create=True)
    second = load_master_key(str(folder), create=True)

    assert first == second
    assert len(first) == 32
    assert stat.S_IMODE((folder / FILE_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [each.name for each in folder.iterdir()] == [FILE_NAME]


def test_without_leave_to_make_one_a_missing_master_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="run `callboard init`"):
        load_master_key(str(tmp_path), create=False)

    assert not (tmp_path / FILE_NAME).exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"not base64 !", base64.b64encode(b"x" * 31), base64.b64encode(b"x" * 33), b"\xff\xfe\x00", b"QUJD\n" * 20],
    ids=["empty", "no base64", "31 bytes", "33 bytes", "no text", "many lines"],
)
def test_a_damaged_master_key_is_refused_and_never_replaced(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / FILE_NAME
    file.write_bytes(content)

    with pytest.raises(StartupError, match="master key"):
        load_master_key(str(tmp_path), create=True)

    assert file.read_bytes() == content


def test_a_folder_in_place_of_the_master_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()

    with pytest.raises(StartupError, match="cannot be read"):
        load_master_key(str(tmp_path), create=True)


def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StartupError, match="cannot be written"):
        load_master_key(str(tmp_path / "file" / "data"), create=True)


def test_a_refusal_never_shows_the_key() -> None:
    text = base64.b64encode(b"x" * 31).decode()

    for wrong in (text, text + "!"):
        with pytest.raises(StartupError) as refusal:
            read_master_key(wrong)
        assert text not in str(refusal.value)


def test_of_those_who_start_together_all_have_one_key(tmp_path: Path) -> None:
    start = threading.Barrier(8)

    def replica(_: int) -> bytes:
        start.wait(20)
        return load_master_key(str(tmp_path / "data"), create=True)

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(replica, range(8)))

    assert len(keys) == 1
