"""Makes the certificate of an application, which signs itself: FOLDER/NAME.pem and FOLDER/NAME.key.

Standard output is {"jwk": its public key, "thumbprint": x5t#S256 of the certificate (RFC 7515 §4.1.8)}.
"""

import base64
import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


def encoded(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def number(value):
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


folder, name = Path(sys.argv[1]), sys.argv[2]
key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
now = datetime.now(timezone.utc)
certificate = (
    x509.CertificateBuilder()
    .subject_name(subject)
    .issuer_name(subject)
    .public_key(key.public_key())
    .serial_number(x509.random_serial_number())
    .not_valid_before(now - timedelta(days=1))
    .not_valid_after(now + timedelta(days=1))
    .sign(key, hashes.SHA256())
)
(folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
file = folder / f"{name}.key"
file.touch(0o600)
file.write_bytes(
    key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
)
public = key.public_key().public_numbers()
jwk = {"kty": "RSA", "use": "sig", "alg": "PS256", "n": number(public.n), "e": number(public.e)}
print(json.dumps({"jwk": jwk, "thumbprint": encoded(certificate.fingerprint(hashes.SHA256()))}))
