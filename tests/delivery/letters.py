"""Letters as the tests send them."""

from typing import Any

from callboard.delivery.letter import Channel, Content, Letter

CREATED_AT = 1_790_000_000_123


def email(recipient: str = "tom@example.org", **content: Any) -> Letter:
    """A letter by email; with no content given, in both forms and two scripts."""
    said = content or {
        "subject": "Confirm your address 请确认",
        "text": "Hello Tom,\n.\nopen https://example.com/c?a=1&b=2\n",
        "html": "<p>你好 Tom, <a href='https://example.com/c?a=1&amp;b=2'>open</a></p>\n",
    }
    return Letter("l-0123456789abcdef", Channel.EMAIL, recipient, Content(**{"text": "", **said}), CREATED_AT)


def sms(text: str = "Your code is 123456.", *, recipient: str = "86-13900001234", **content: Any) -> Letter:
    said = {"code": "123456", "link": "https://example.com/c?a=1&b=2", **content}
    return Letter("l-0123456789abcdef", Channel.SMS, recipient, Content(text, **said), CREATED_AT)
