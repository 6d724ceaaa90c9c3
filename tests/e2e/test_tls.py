"""HTTPS by the server itself, with the official SDK as the client."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alibabacloud_resourcedirectorymaster20220419 import models
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.e2e.processes import Installation


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key, in files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "callboard.test")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "tls.pem", folder / "tls.key"
    files[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


def test_the_official_sdk_speaks_https_with_the_server(embedded: Installation, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    with embedded.serving(tls_certificate=str(certificate), tls_key=str(key)) as server:
        client = server.caller.client(protocol="https", ca=str(certificate))
        added = client.add_message_contact(
            models.AddMessageContactRequest(
                name="tom", email_address="tom@example.com", title="CEO", message_types=["FaultMessage"]
            )
        ).body

        found = client.get_message_contact(models.GetMessageContactRequest(contact_id=added.contact.contact_id)).body
        greeting = server.greeting

    assert found.contact.name == "tom"
    assert greeting.startswith(f"Callboard answers on https://{server.endpoint}/\n")


def test_a_client_that_does_not_know_the_certificate_turns_away(embedded: Installation, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    with embedded.serving(tls_certificate=str(certificate), tls_key=str(key)) as server:
        host, _, port = server.endpoint.rpartition(":")
        with pytest.raises(ssl.SSLCertVerificationError):
            verified(host, int(port))
        errors = server.errors

    assert "Traceback" not in errors


def verified(host: str, port: int) -> None:
    """Shake hands as a client that trusts the usual authorities only."""
    import socket

    with (
        socket.create_connection((host, port), 10) as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=host),
    ):
        pass
