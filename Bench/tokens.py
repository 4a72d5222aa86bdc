"""An OpenID provider for the bench: its own key, its documents on a loopback port, and tokens by the thousand."""

from __future__ import annotations

import base64
import concurrent.futures
import http.server
import json
import threading
import time

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CLIENT = "bench-client"


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(private: bytes, issuer: str, first: int, count: int) -> list[str]:
    """Tokens `first` to `first + count`: a worker process signs its share."""
    key = serialization.load_pem_private_key(private, None)
    head = base64url(b'{"alg":"RS256","kid":"bench"}')
    now = int(time.time())
    made = []
    for number in range(first, first + count):
        claims = {"iss": issuer, "client_id": CLIENT, "token_use": "access", "sub": "bench", "jti": f"{number:012}",
                  "scope": "aws.cognito.signin.user.admin", "iat": now, "exp": now + 3600}  # fmt: skip
        content = f"{head}.{base64url(json.dumps(claims).encode())}"
        made.append(f"{content}.{base64url(key.sign(content.encode(), padding.PKCS1v15(), hashes.SHA256()))}")
    return made


class Issuer:
    def __init__(self):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        numbers = key.public_key().public_numbers()
        jwk = {"kty": "RSA", "kid": "bench", "alg": "RS256", "use": "sig", "e": "AQAB",
               "n": base64url(numbers.n.to_bytes(256, "big"))}  # fmt: skip
        documents: dict[str, dict] = {"/keys": {"keys": [jwk]}}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                document = documents.get(self.path)
                body = json.dumps(document or {}).encode()
                self.send_response(200 if document else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.discovery = f"{self.url}/.well-known/openid-configuration"
        documents["/.well-known/openid-configuration"] = {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def make(self, first: int, count: int) -> list[str]:
        """`count` tokens that nobody has seen."""
        half = count // 2
        shares = [(first, half), (first + half, count - half)]
        with concurrent.futures.ProcessPoolExecutor(2) as pool:
            made = list(pool.map(signed, [self.private] * 2, [self.url] * 2, *zip(*shares)))
        return made[0] + made[1]
