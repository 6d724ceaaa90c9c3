"""Secrets at rest: AES-256-GCM, or keyed hashes, under the master key, bound to what they belong to."""

import base64
import binascii
import hashlib
import hmac
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from callboard.errors import StartupError

NONCE_BYTES = 12
KEY_BYTES = 32
FILE_NAME = "master.key"
DIGESTS = "digests"
"""Whom the key of the keyed hashes belongs to."""


class Vault:
    """Encrypts and decrypts with one master key. The nonce of each encryption comes from the operating system.

    Keyed hashes must stay true when the master key is replaced: nobody could make them anew. So their key is made from
    the first master key, and is kept, encrypted, under those that come after it.
    """

    def __init__(self, master_key: bytes, digest_key: bytes = b"") -> None:
        self._master_key = master_key
        self._cipher = AESGCM(master_key)
        self._digest_key = digest_key or hmac.digest(master_key, b"callboard digests", "sha256")
        self.fingerprint = hmac.new(master_key, b"callboard master key", hashlib.sha256).hexdigest()

    def encrypt(self, secret: str, *, belongs_to: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), belongs_to.encode())

    def decrypt(self, sealed: bytes, *, belongs_to: str) -> str:
        """The secret again. Raises StartupError when it was encrypted with another key or for another owner."""
        try:
            plain = self._cipher.decrypt(bytes(sealed[:NONCE_BYTES]), bytes(sealed[NONCE_BYTES:]), belongs_to.encode())
        except (InvalidTag, ValueError) as error:  # ValueError: cut off.
            raise StartupError(f"The secret of {belongs_to} was encrypted with another master key.") from error
        return plain.decode()

    def digest(self, secret: str, *, of: str) -> bytes:
        """A keyed hash: tells whether a secret is the right one, and nothing to who has the database alone."""
        return hmac.digest(self._digest_key, f"{of}\0{secret}".encode("utf-8", "surrogatepass"), "sha256")

    def under(self, master_key: bytes) -> "Vault":
        """The vault that comes after this one: another master key, the same keyed hashes."""
        return Vault(master_key, self._digest_key)

    def sealed_digest_key(self) -> bytes:
        """The key of the keyed hashes, encrypted, to be kept."""
        return self.encrypt(self._digest_key.hex(), belongs_to=DIGESTS)

    def with_digest_key(self, sealed: bytes) -> "Vault":
        """The same vault with the key that was kept. Raises StartupError as `decrypt` does."""
        return Vault(self._master_key, bytes.fromhex(self.decrypt(sealed, belongs_to=DIGESTS)))


def new_master_key() -> bytes:
    return AESGCM.generate_key(bit_length=8 * KEY_BYTES)


def read_master_key(text: str) -> bytes:
    """A key from its base64 text. Raises StartupError."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise StartupError("The master key must be 32 bytes in base64.") from error
    if len(key) != KEY_BYTES:
        raise StartupError(f"The master key must be {KEY_BYTES} bytes in base64; this one has {len(key)}.")
    return key


def load_master_key(data_dir: str, *, create: bool) -> bytes:
    """The key in the data folder, made there (readable by its owner alone) if asked and missing."""
    file = Path(data_dir) / FILE_NAME
    if create and not file.exists():
        _write_new(file, new_master_key())
    try:
        return read_master_key(file.read_text(encoding="ascii"))
    except FileNotFoundError as error:
        raise StartupError(f"There is no master key at {file}: run `callboard init`.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise StartupError(f"The master key at {file} cannot be read: {error}.") from error


def _write_new(file: Path, key: bytes) -> None:
    """Write the key whole and durable, or not at all; of two that start together, the first one's stays."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A name of its own: in containers every process has the same id, and a draft may be left by a crash.
        descriptor, name = tempfile.mkstemp(prefix=f"{FILE_NAME}.", dir=file.parent)
        try:
            with os.fdopen(descriptor, "wb") as out:
                out.write(base64.b64encode(key) + b"\n")
                out.flush()
                os.fsync(out.fileno())
            with suppress(FileExistsError):
                os.link(name, file)
        finally:
            Path(name).unlink()
        _sync_folder(file.parent)
    except OSError as error:
        raise StartupError(f"The master key cannot be written to {file}: {error}.") from error


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: secrets must not outlive the key that opens them."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
