"""A certificate for the loopback interface that vouches for itself and is thrown away with its sandbox."""

from __future__ import annotations

import shutil
import ssl
import tempfile
import weakref
from datetime import datetime, timedelta, timezone
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

__all__ = ["LoopbackCertificate"]

_LASTS = timedelta(days=30)
_PEM = serialization.Encoding.PEM
_USES = ("digital_signature", "key_cert_sign")
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


class LoopbackCertificate:
    """A new certificate, which nobody else has the key of.

    Attributes:
        file: The certificate alone, for ``AWS_CA_BUNDLE``.
        context: For the server's side of TLS.
    """

    def __init__(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="bedrock-guard-"))
        self._gone = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(key).public_bytes(_PEM)
        self.file = folder / "sandbox.pem"
        self.file.write_bytes(certificate)
        self.context = _context(folder / "server.pem", certificate, key)

    def discard(self) -> None:
        """Removes the files."""
        self._gone()


class _ServerContext(ssl.SSLContext):
    """Shakes hands in the thread of a connection, so that a client which does not answer stops nobody else."""

    def wrap_socket(self, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        return super().wrap_socket(*args, **{**kwargs, "do_handshake_on_connect": False})


def _context(file: Path, certificate: bytes, key: ec.EllipticCurvePrivateKey) -> ssl.SSLContext:
    private = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    context = _ServerContext(ssl.PROTOCOL_TLS_SERVER)
    # OpenSSL reads keys from files alone; the folder is its owner's, and the file is gone once it is read.
    file.write_bytes(private + certificate)
    try:
        context.load_cert_chain(file)
    finally:
        file.unlink()
    return context


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    now = datetime.now(timezone.utc)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bedrock_guard sandbox")])
    addresses = [x509.IPAddress(IPv4Address("127.0.0.1")), x509.DNSName("localhost")]
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LASTS)
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        # Since Python 3.13 whatever vouches for another certificate, be it itself, has to carry these.
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(**{usage: usage in _USES for usage in _USAGES}), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )
