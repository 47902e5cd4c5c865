"""A provider of OpenID Connect as small as can be: on this machine, one person, whose claims are given."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "budget"


class Provider(ThreadingHTTPServer):
    """Answers the four questions of the code flow, and the end of a session."""

    def __init__(self, claims: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.claims, self.key, self.asked = claims, RSAKey.generate_key(2048, {"kid": "one"}), {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        told = {name: values[0] for name, values in parse_qs(parts.query).items()}
        url = self.server.url
        if parts.path == "/.well-known/openid-configuration":
            ends = {f"{name}_endpoint": name for name in ("userinfo", "end_session", "token")}
            ends |= {"authorization_endpoint": "authorize", "jwks_uri": "jwks"}
            self._say({"issuer": url, **{name: f"{url}/{end}" for name, end in ends.items()}, "response_types_supported": ["code"]})
        elif parts.path == "/authorize":
            code = hashlib.sha256(self.path.encode()).hexdigest()
            self.server.asked[code] = told
            self.send_response(302)
            self.send_header("location", f"{told['redirect_uri']}?{urlencode({'code': code, 'state': told['state']})}")
            self.end_headers()
        elif parts.path == "/jwks":
            self._say({"keys": [self.server.key.as_dict(private=False)]})
        else:
            self._say({"ended": True})

    def do_POST(self) -> None:
        told = {name: values[0] for name, values in parse_qs(self.rfile.read(int(self.headers["content-length"])).decode()).items()}
        asked = self.server.asked.pop(told["code"])
        secret = base64.b64decode(self.headers.get("authorization", "Basic ").split()[-1]).decode()
        if told.get("client_secret", secret.partition(":")[2]) != "client secret":
            self.send_error(401)
            return
        now = int(time.time())
        claims = {"iss": self.server.url, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300, "nonce": asked.get("nonce")}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, {**claims, **self.server.claims}, self.server.key)
        self._say({"access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": token})

    def _say(self, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def provider(claims: dict[str, Any]) -> Iterator[Provider]:
    """A provider that answers for as long as this lasts."""
    serving = Provider(claims)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    try:
        yield serving
    finally:
        serving.shutdown()
        serving.server_close()
