"""Whatever a letter holds, its mail has one receiver, one subject and the same text."""

import re
from email import message_from_bytes
from email.policy import SMTP

from hypothesis import example, given, settings
from hypothesis import strategies as st

from callboard.delivery.letter import PermanentFailure
from callboard.delivery.mail import Mailbox, compose
from tests.delivery.letters import email

HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
]
TRICKY = st.text(alphabet='ab =?_,;:<>"()@\\é验\u3000\xa0.-\r\n\t\x00\x85\u2028\ud800', max_size=200)
TEXTS = st.text() | st.text(st.characters()) | TRICKY | st.text(alphabet="ab ", min_size=70, max_size=2000)
ADDRESSES = st.text(max_size=40).map("{}@example.org".format) | st.emails() | TRICKY
SENDER = Mailbox("no-reply@example.com")
BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def lines(text: str) -> str:
    """A text as a mail can hold it: ends of lines are all the same, and the last line has one."""
    whole = text.encode("utf-8", "replace").decode()
    return re.sub(r"\r\n|\r|\n", "\n", whole).rstrip("\n")


def unquoted(address: str) -> str:
    """An address without its quotes, and from a header in UTF-8 as from one in ASCII."""
    return re.sub(r'["\\]', "", address.encode("utf-8", "surrogateescape").decode())


@settings(max_examples=150, deadline=None)
@given(subject=TEXTS, recipient=ADDRESSES, text=TEXTS, html=TEXTS.filter(bool), name=TEXTS)
@example(subject="a\r\nBcc: all@x.org", recipient="a@x.org\r\nBcc: b@x.org", text=".\r\nQUIT", html=".", name="a\nb")
@example(subject="=?utf-8?q?a?=", recipient='"a,b"@x.org', text="--=_\r\nFrom x", html="<", name='a" <b@x.org>, "c')
def test_a_mail_reads_back_as_the_letter_that_was_written(
    subject: str, recipient: str, text: str, html: str, name: str
) -> None:
    try:
        mail = compose(email(recipient, subject=subject, text=text, html=html), sender=SENDER, sender_name=name)
    except PermanentFailure:
        return

    found = message_from_bytes(mail.octets, policy=SMTP)
    plain, rich = found.iter_parts()
    (to,), (sender,) = found["To"].addresses, found["From"].addresses
    assert found.keys() == HEADERS
    assert found["Subject"] == BLANK.sub(" ", subject).strip()
    assert unquoted(to.addr_spec) == unquoted(mail.recipient)
    assert sender.addr_spec == SENDER
    # Python's reader puts blanks between the encoded words of a name, which RFC 2047 takes away.
    assert sender.display_name.replace(" ", "") == BLANK.sub(" ", name).replace(" ", "")
    assert lines(plain.get_content()) == lines(text)
    assert lines(rich.get_content()) == lines(html)
    assert max(map(len, mail.octets.split(b"\r\n"))) <= 998
    assert b"\n" not in mail.octets.replace(b"\r\n", b"")
    assert mail.octets.isascii() == mail.recipient.isascii()
