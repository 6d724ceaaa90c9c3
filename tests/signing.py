"""Requests signed by hand, apart from the product's own signing, for what no client would send."""

import base64
import hashlib
import hmac
import http.client
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

VERSION = "2022-04-19"


def percent(text: str) -> str:
    return quote(text, safe="-_.~")


def canonical(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{percent(name)}={percent(value)}" for name, value in sorted(pairs))


def timestamp(*, ahead: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + ahead).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Response:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["Code"])


def send(
    endpoint: str, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
) -> Response:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection(endpoint, timeout=30)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return Response(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def v3_headers(
    *,
    endpoint: str,
    action: str,
    key_id: str,
    secret: str,
    query: list[tuple[str, str]],
    body: bytes = b"",
    method: str = "POST",
    version: str = VERSION,
    nonce: str | None = None,
    date: str | None = None,
    content_type: str | None = None,
    extra: dict[str, str] | None = None,
) -> dict[str, str]:
    """The headers of a V3 request, Authorization included (protocol.md, section 3.2)."""
    headers = {
        "host": endpoint,
        "x-acs-action": action,
        "x-acs-version": version,
        "x-acs-date": date or timestamp(),
        "x-acs-signature-nonce": nonce or uuid.uuid4().hex,
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        **({"content-type": content_type} if content_type else {}),
        **(extra or {}),
    }
    signed = sorted(headers)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in signed)
    request = "\n".join([method, "/", canonical(query), lines, ";".join(signed), hashlib.sha256(body).hexdigest()])
    string_to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256(request.encode()).hexdigest()
    signature = hmac.new(secret.encode(), string_to_sign.encode(), "sha256").hexdigest()
    credential = f"Credential={key_id},SignedHeaders={';'.join(signed)},Signature={signature}"
    return {**headers, "Authorization": f"ACS3-HMAC-SHA256 {credential}"}


def call_v3(
    account: Any, action: str, parameters: dict[str, str] | list[tuple[str, str]] | None = None, **options: Any
) -> Response:
    """Call an action as V3 clients do, parameters in the query. `options` go to v3_headers."""
    query = list(parameters.items()) if isinstance(parameters, dict) else list(parameters or [])
    endpoint = account.server.endpoint
    headers = v3_headers(
        endpoint=endpoint, action=action, query=query, **{"key_id": account.key_id, "secret": account.secret, **options}
    )
    path = "/?" + urlencode(query) if query else "/"
    return send(endpoint, options.get("method", "POST"), path, headers, options.get("body"))


def v1_parameters(
    *, action: str, key_id: str, secret: str, parameters: dict[str, str], method: str = "GET", **common: str
) -> dict[str, str]:
    """Every parameter of a V1 request, Signature included (protocol.md, section 3.1). `common` overrides."""
    every = {
        "Action": action,
        "Version": VERSION,
        "Format": "JSON",
        "AccessKeyId": key_id,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid.uuid4().hex,
        "Timestamp": timestamp(),
        **parameters,
        **common,
    }
    every = {name: value for name, value in every.items() if value is not None}
    string_to_sign = f"{method}&%2F&{percent(canonical(list(every.items())))}"
    mac = hmac.new(f"{secret}&".encode(), string_to_sign.encode(), "sha1").digest()
    return {**every, "Signature": base64.b64encode(mac).decode()}


def call_v1(
    account: Any, action: str, parameters: dict[str, str] | None = None, *, method: str = "GET", **common: Any
) -> Response:
    """Call an action as V1 clients do: everything in the query, or for POST in the form body."""
    signed = v1_parameters(
        action=action,
        key_id=account.key_id,
        secret=account.secret,
        parameters=parameters or {},
        method=method,
        **common,
    )
    if method == "GET":
        return send(account.server.endpoint, "GET", "/?" + urlencode(signed))
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return send(account.server.endpoint, method, "/", headers, urlencode(signed).encode())


def call_terraform(
    account: Any, action: str, parameters: dict[str, str] | None = None, *, version: str = VERSION
) -> Response:
    """Call an action as the Terraform provider does (clients.md, section 5).

    The common parameters are in the query and the action's own in a form body, both sorted; the content type
    is there even when the body is empty.
    """
    own = parameters or {}
    signed = v1_parameters(
        action=action,
        key_id=account.key_id,
        secret=account.secret,
        parameters=own,
        method="POST",
        Format="json",
        Version=version,
    )
    common = {name: value for name, value in signed.items() if name not in own}
    headers = {
        "User-Agent": "AlibabaCloud (linux; amd64) Golang/1.25.0 Core/0.01 TeaDSL/1 HashiCorp-Terraform/1.9 "
        "Terraform-Provider/1.289.0",
        "content-type": "application/x-www-form-urlencoded",
        "x-acs-action": action,
        "x-acs-version": version,
        "Accept-Encoding": "gzip",
    }
    path = "/?" + urlencode(sorted(common.items()))
    return send(account.server.endpoint, "POST", path, headers, urlencode(sorted(own.items())).encode())
