"""Requests as the server gets them, written down as text."""

from callboard.api.wire import HttpRequest


def parsed(text: str) -> HttpRequest:
    """The request of a text that stands as it was sent: request line, headers, an empty line, body."""
    head, _, body = text.partition("\n\n")
    line, *headers = head.split("\n")
    method, target, _ = line.split(" ")
    path, _, query = target.partition("?")
    named = dict(header.split(": ", 1) for header in headers)
    return HttpRequest(
        method=method,
        path=path,
        query=query.encode(),
        headers={name.lower(): value for name, value in named.items()},
        body=body.encode(),
    )


def request(query: str = "", *, method: str = "POST", body: bytes = b"", **headers: str) -> HttpRequest:
    """A request of these parts; an underscore in a header's name stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpRequest(method=method, path="/", query=query.encode(), headers=named, body=body)
