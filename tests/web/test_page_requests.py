"""Links, forms and methods that do not fit, as no browser would send them, and the headers of each answer."""

import pytest

from callboard.database.tables import attempts, audit_records, contacts, letters, limits, proofs, refusals
from callboard.verification.pages import STYLE_HASH
from tests.owner import post
from tests.serving import Server
from tests.signing import Response, send
from tests.web.visits import says, written_to
from tests.wire.raw import exchange, head

UNKNOWN = "/v/" + "a" * 22
TABLES = (proofs, refusals, letters, attempts, limits, audit_records, contacts)


def test_a_head_is_answered_as_a_get_without_its_body(server: Server) -> None:
    owner = written_to(server)

    got, headed = (send(server.endpoint, method, owner.path) for method in ("GET", "HEAD"))

    assert headed.body == b""
    assert headed.status == got.status == 200
    assert {**headed.headers, "date": ""} == {**got.headers, "date": ""}


@pytest.mark.parametrize(
    "path",
    [
        UNKNOWN,
        "/v/a",
        "/v/" + "a" * 21,
        "/v/" + "a" * 23,
        "/v/" + "a" * 5000,
        "/v/" + "%00" * 22,
        "/v/" + "%F0%9F%94%91" * 6,
        "/v/%ff%fe",
        "/v/" + "a" * 21 + "%0A",
        "/v/" + "a" * 22 + ".",
        "/v/'%20OR%201=1",
    ],
)
@pytest.mark.parametrize("button", [None, "confirm", "refuse", "again"])
def test_a_link_that_is_not_ours_is_not_known(server: Server, path: str, button: str | None) -> None:
    answer = send(server.endpoint, "GET", path) if button is None else post(server, path, do=button)

    if answer.status == 303:  # The page that it leads to says so.
        answer = send(server.endpoint, "GET", answer.headers["location"])
    assert answer.status == 404
    assert says(answer, "unknown_heading")


@pytest.mark.parametrize("path", ["/v/", "/v/a/b", "/v/..%2f..%2fetc", "/verify/", "/verify/x", "/verifying"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_path_that_is_no_pages_is_refused_in_the_apis_words(server: Server, method: str, path: str) -> None:
    answer = send(server.endpoint, method, path, {}, b"do=confirm" if method == "POST" else None)

    assert (answer.status, answer.code) == (404, "InvalidAction.NotFound")


def test_a_link_that_is_almost_ours_is_not_known(server: Server) -> None:
    owner = written_to(server)

    answer = owner.open(owner.path.swapcase().replace("/V/", "/v/"))

    assert answer.status == 404


@pytest.mark.parametrize("button", ["", "Confirm", "delete", "confirm "])
def test_a_button_that_is_not_there_does_nothing(server: Server, button: str) -> None:
    owner = written_to(server)

    answer = owner.press(button)

    assert (answer.status, says(answer, "open_heading_email")) == (200, True)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"=",
        b"&&&",
        b"do",
        b"do=",
        b"\xff\xfe\x00do=confirm",
        b"%ff%fe=%00",
        b"do=%ff",
        b'{"do": "confirm"}',
        b"--x\r\nContent-Disposition: form-data; name=do\r\n\r\nconfirm\r\n--x--",
    ],
)
def test_a_body_without_a_button_does_nothing(server: Server, body: bytes) -> None:
    owner = written_to(server)

    answer = send(server.endpoint, "POST", owner.path, {"content-type": "application/x-www-form-urlencoded"}, body)

    assert (answer.status, says(answer, "open_heading_email")) == (200, True)


@pytest.mark.parametrize(
    "body",
    [
        b"do=confirm&x=" + b"a" * 4096,
        b"a" * 100_000,
        b"&".join(b"a%d=1" % number for number in range(1000)),
        b"a=&" * 17,
    ],
    ids=["long", "huge", "1000-fields", "17-fields"],
)
@pytest.mark.parametrize("path", ["link", "/verify", "/verify/again"])
def test_a_body_that_is_too_large_for_a_form_is_refused_and_does_nothing(
    server: Server, body: bytes, path: str
) -> None:
    owner = written_to(server)

    answer = send(server.endpoint, "POST", owner.path if path == "link" else path, {}, body)

    assert answer.status == 413
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert says(owner.open(), "open_heading_email")


def test_the_sender_of_a_body_of_megabytes_hears_the_refusal(server: Server) -> None:
    answer = send(server.endpoint, "POST", "/verify", {}, b"a" * (8 * 1024 * 1024))

    assert answer.status == 413


@pytest.mark.parametrize("path", ["link", "/verify", "/verify/again"])
def test_half_a_form_does_nothing_and_is_no_fault_of_ours(server: Server, path: str) -> None:
    owner = written_to(server)
    start = head(owner.path if path == "link" else path, {"host": "a", "content-length": "100"})

    exchange(server.endpoint, [start, b"do=confirm"], is_half=True)

    assert says(owner.open(), "open_heading_email")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", ["link", "/verify", "/verify/again", "/verify/sent"])
def test_other_methods_are_not_allowed_and_do_nothing(server: Server, method: str, path: str) -> None:
    owner = written_to(server)

    answer = send(server.endpoint, method, owner.path if path == "link" else path, {}, b"do=confirm")

    assert answer.status in (404, 405)
    assert says(owner.open(), "open_heading_email")


def pages(server: Server) -> dict[str, Response]:
    """One answer of each kind."""
    owner = written_to(server)
    path = owner.path
    return {
        "open": owner.open(path),
        "moved": owner.press("confirm", path),
        "confirmed": owner.open(path),
        "unknown": send(server.endpoint, "GET", UNKNOWN),
        "code": send(server.endpoint, "GET", "/verify"),
        "wrong": owner.type_code("0"),
        "sent": send(server.endpoint, "GET", "/verify/sent"),
        "too large": send(server.endpoint, "POST", "/verify", {}, b"a" * 5000),
    }


def test_every_page_has_the_headers_that_keep_it_to_itself(server: Server) -> None:
    answers = pages(server)

    for answer in answers.values():
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy == {
            "default-src": "'none'",
            "style-src": f"'{STYLE_HASH}'",
            "form-action": "'self'",
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
        }
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "query", "language"),
    [
        ("", "", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "", "zh"),
        ("en-GB,zh;q=0.5", "", "en"),
        ("de,fr", "", "en"),
        ("zh", "?lang=en", "en"),
        ("en", "?lang=zh", "zh"),
        ("zh", "?lang=de", "zh"),
        (";;q=x,\xe9-*,,", "", "en"),
    ],
)
def test_a_page_is_in_the_language_that_was_asked_for_or_that_the_browser_likes(
    server: Server, accepted: str, query: str, language: str
) -> None:
    answer = send(server.endpoint, "GET", f"/verify{query}", {"accept-language": accepted})

    assert says(answer, "code_heading", ("en", "zh").index(language))
    assert answer.headers["content-language"] == language
    assert answer.headers["vary"] == "accept-language"


def test_the_language_of_a_form_goes_along(server: Server) -> None:
    owner = written_to(server)

    pressed = post(server, owner.path, do="confirm", lang="zh")
    wrong = post(server, "/verify", target=owner.address, code="0", lang="zh")

    assert pressed.headers["location"] == f"{owner.path}?lang=zh"
    assert says(owner.open(pressed.headers["location"]), "confirmed_heading", 1)
    assert says(wrong, "code_heading", 1)
