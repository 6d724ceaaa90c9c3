"""Mails that come back, as the mail servers of this world write them, and as somebody writes who means harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callboard.messages.rules import Receipt
from callboard.receipts import dsn
from callboard.receipts.rules import ANSWER_LENGTH, is_about_address, refuses_address
from tests.property.profiles import examples
from tests.receipts.returned import GMAIL, POSTFIX, SERVERS, plain, returned

ID = "0f3d9c7d2b6e4a1f8c5d7e9b1a2c3d4e"


@pytest.mark.parametrize("server", SERVERS)
def test_a_bounce_names_the_letter_and_says_why(server: str) -> None:
    report = dsn.read(returned(ID, server=server)).report

    assert report is not None
    assert report.letter_ids == (ID,)
    assert (report.receipt, report.answer, report.is_about_address) == (Receipt.BOUNCED, "550 5.1.1 no such user", True)


@pytest.mark.parametrize("server", SERVERS)
def test_a_delay_is_no_bounce(server: str) -> None:
    delayed = {"action": "delayed", "status": "4.4.1", "diagnostic": "connect to mail.example.com: timed out"}
    report = dsn.read(returned(ID, server=server, **delayed)).report

    assert report is not None
    assert report.receipt is None


@pytest.mark.parametrize("action", ["delivered", "Delivered"])
def test_a_delivery_is_told(action: str) -> None:
    report = dsn.read(returned(ID, action=action, status="2.0.0", diagnostic="250 OK")).report

    assert report is not None
    assert (report.receipt, report.answer) == (Receipt.ACCEPTED, "2.0.0 250 OK")


@pytest.mark.parametrize("action", ["relayed", "expanded", "eaten", ""])
def test_what_is_neither_here_nor_there_says_nothing(action: str) -> None:
    assert dsn.read(returned(ID, action=action, status="2.0.0")).report is None


@pytest.mark.parametrize(
    ("status", "diagnostic", "is_expected"),
    [
        ("5.1.1", "550 5.1.1 unknown", True),
        ("5.1.10", "550 5.1.10 recipient not found", True),
        ("5.2.1", "550 mailbox disabled", True),
        ("5.2.2", "552 mailbox full", True),
        ("5.0.0", "550 unknown", True),
        ("5.4.4", "host not found", True),
        ("", "550 User unknown", True),
        ("", "", True),
        ("nonsense", "nonsense", True),
        ("5.2.3", "message too large", False),
        ("5.3.4", "message too large", False),
        ("5.6.1", "media not supported", False),
        ("5.7.1", "550 5.7.1 looks like spam", False),
        ("4.4.7", "delivery time expired", False),
        ("", "451 4.7.1 greylisted, then expired", False),
        ("", "421 too many connections", False),
    ],
)
def test_only_what_is_for_good_and_about_the_address_counts_against_it(
    status: str, diagnostic: str, *, is_expected: bool
) -> None:
    report = dsn.read(returned(ID, status=status, diagnostic=diagnostic)).report

    assert report is not None
    assert (report.receipt, report.is_about_address) == (Receipt.BOUNCED, is_expected)


@pytest.mark.parametrize(
    ("answer", "is_expected"),
    [
        ("550 5.1.1 no such user", True),
        ("550 no such user", False),
        ("550 5.1.8 sender refused", False),
        ("554 5.7.1 spam", False),
        ("550 15.1.1.2", False),
        ("the host 5.1.1.7 said no", False),
        ("", False),
    ],
)
def test_a_refusal_at_once_counts_only_if_it_is_about_the_mailbox(answer: str, *, is_expected: bool) -> None:
    assert refuses_address(answer) is is_expected


def test_a_status_of_the_network_is_about_the_address() -> None:
    assert is_about_address("5.4.1")


def test_a_letter_is_known_by_what_the_report_refers_to_where_nothing_is_returned() -> None:
    without = returned(ID, server="gmail").partition(b"Content-Type: message/rfc822")[0]

    report = dsn.read(without).report

    assert report is not None
    assert report.letter_ids == (ID,)


def test_a_report_for_an_address_in_other_characters_is_read() -> None:
    international = (
        returned(ID, "用户@example.com")
        .replace(b"message/delivery-status", b"message/global-delivery-status")
        .replace(b"message/rfc822", b"message/global-headers")
        .replace(b"rfc822; ", b"utf-8; ")
    )

    report = dsn.read(international).report

    assert report is not None
    assert (report.letter_ids, report.receipt) == ((ID,), Receipt.BOUNCED)


def test_of_several_recipients_one_who_got_it_counts() -> None:
    other = b"Final-Recipient: rfc822; ann@example.com\r\nAction: delivered\r\nStatus: 2.1.5\r\n\r\n--4XyZ"
    forwarded = returned(ID).replace(b"user\r\n\r\n--4XyZ", b"user\r\n\r\n" + other, 1)

    report = dsn.read(forwarded).report

    assert report is not None
    assert report.receipt is Receipt.ACCEPTED


def test_another_mail_has_its_own_id_and_no_report() -> None:
    mail = dsn.read(plain(Subject="Away", In_Reply_To=f"<{ID}@x>", Message_ID=f"<{'a' * 32}@callboard.example>"))

    assert mail.report is None
    assert mail.own_ids == ("a" * 32,)


def test_what_is_said_is_one_line_of_bounded_length_without_signs_that_do_not_show() -> None:
    report = dsn.read(returned(ID, diagnostic="550 5.1.1 \x00\x1b[2J\u202e" + "x" * 5000)).report

    assert report is not None
    assert len(report.answer) == ANSWER_LENGTH
    assert "\x00" not in report.answer
    assert "\x1b" not in report.answer


def nested(kind: bytes, depth: int) -> bytes:
    return b"".join(b"Content-Type: %s; boundary=b%d\r\n\r\n--b%d\r\n" % (kind, each, each) for each in range(depth))


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\x00" * 1000,
        b"Content-Type: multipart/report\r\n\r\n",
        b"Content-Type: multipart/report; boundary=\r\n\r\n--\r\n\r\n----",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n",
        nested(b"multipart/report", 10_000),
        nested(b"MULTIPART/mixed", 10_000),
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 20_000,
        b"Content-Type: multipart/report; boundary=x\r\n\r\n" + b"--x\r\n\r\n" * 100_000,
        b"Content-Type: multipart/report; boundary=x\r\n\r\n" + b"\n" * 1_000_000,
        b"References: " + b"<" * 500_000,
        b"Content-Type: multipart/report; boundary*=utf-8''x; boundary*0=y\r\nReferences: \xff\xfe\r\n\r\n--x\r\n",
        returned(ID).replace(b"message/delivery-status", b"message/delivery-status; charset=\xff"),
    ],
    ids=range(13),
)
def test_a_mail_that_means_harm_says_nothing(octets: bytes) -> None:
    mail = dsn.read(octets)

    assert mail.report is None or mail.report.letter_ids == (ID,)


PIECES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [part.encode() for part in POSTFIX.splitlines(keepends=True)]
        + [part.encode() for part in GMAIL.splitlines(keepends=True)]
    ),
)


@examples(150)
@given(st.lists(PIECES, max_size=80).map(b"".join))
def test_whatever_is_sent_is_read_without_a_fault(octets: bytes) -> None:
    mail = dsn.read(octets)

    assert mail.report is None or len(mail.report.answer) <= ANSWER_LENGTH


@examples(100)
@given(st.integers(0, 3000), st.integers(0, 3000), st.binary(max_size=20), st.sampled_from(sorted(SERVERS)))
def test_a_damaged_report_is_read_without_a_fault(start: int, length: int, instead: bytes, server: str) -> None:
    whole = returned(ID, server=server)

    mail = dsn.read(whole[:start] + instead + whole[start + length :])

    assert mail.report is None or set(mail.report.letter_ids) <= {ID} or instead
