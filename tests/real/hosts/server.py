"""Names of the internet that lead to servers of this machine: a proxy that ends TLS with certificates of an authority of its own.

  server.py FOLDER NAME=PORT…

The first line of standard output is the proxy's port; by then FOLDER has `authority.pem`, whom to trust for the names. Any other name
is one that the proxy cannot reach. It ends when standard input does.
"""

import asyncio
import ssl
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PART = 64 * 1024
GOOD = timedelta(days=2)


def certificate(name, key, issuer, issuer_key, extensions):
    now = datetime.now(timezone.utc)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # Clocks of some tests are behind.
        .not_valid_before(now - GOOD)
        .not_valid_after(now + GOOD)
    )
    for extension, is_critical in extensions:
        built = built.add_extension(extension, is_critical)
    return built.sign(issuer_key, hashes.SHA256())


def pem(*parts):
    private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return b"".join(
        part.private_bytes(*private) if isinstance(part, ec.EllipticCurvePrivateKey) else part.public_bytes(serialization.Encoding.PEM)
        for part in parts
    )


def named(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def contexts(folder, names):
    """TLS for each name; the authority is written into the folder."""
    root, root_key = named("Authority of the tests"), ec.generate_private_key(ec.SECP256R1())
    signs = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    is_authority = [(x509.BasicConstraints(ca=True, path_length=0), True), (signs, True)]
    (folder / "authority.pem").write_bytes(pem(certificate(root, root_key, root, root_key, is_authority)))
    made = {}
    for name in names:
        key = ec.generate_private_key(ec.SECP256R1())
        is_server = [
            (x509.SubjectAlternativeName([x509.DNSName(name)]), False),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        ]
        file = folder / "leaf.pem"
        file.touch(0o600)
        file.write_bytes(pem(key, certificate(named(name), key, root, root_key, is_server)))
        made[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made[name].load_cert_chain(file)
        file.unlink()
    return made


async def copy(reader, writer):
    try:
        while part := await reader.read(PART):
            writer.write(part)
            await writer.drain()
    except (ConnectionError, ssl.SSLError):
        # Whoever goes in the middle ends both ways.
        pass
    finally:
        writer.close()


async def serve(ports, tls, reader, writer):
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        name, _, port = target.rpartition(":")
        if method != "CONNECT" or port != "443" or name not in ports:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            writer.close()
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.drain()
        await writer.start_tls(tls[name])
        inner = await asyncio.open_connection("127.0.0.1", ports[name])
    except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
        # One that trusts another authority goes again at once.
        writer.close()
        return
    await asyncio.gather(copy(reader, inner[1]), copy(inner[0], writer))


async def main(folder, ports):
    tls = contexts(folder, ports)
    server = await asyncio.start_server(lambda reader, writer: serve(ports, tls, reader, writer), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)


if __name__ == "__main__":
    pairs = (argument.split("=") for argument in sys.argv[2:])
    asyncio.run(main(Path(sys.argv[1]), {name: int(port) for name, port in pairs}))
