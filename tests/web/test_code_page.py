"""The page where a code is typed, and a letter is asked for by its address: what fits, what does not, what is told."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from callboard.settings import Settings
from tests.contract.callers import Sdk
from tests.contract.steps import SEND_PHONE, add, new_email, new_phone, shown, waiting
from tests.owner import Owner, post
from tests.serving import Server, serving
from tests.signing import send
from tests.web.visits import texted, written_to

HOUR_MS = 3_600_000


def test_a_right_code_confirms(server: Server) -> None:
    owner = written_to(server)

    answer = owner.type_code()

    assert answer.status == 200
    assert b"Thank you, that is confirmed" in answer.body


def test_a_wrong_code_is_refused_beside_its_field_and_what_was_typed_stays(server: Server) -> None:
    owner = written_to(server)
    wrong = f"{(int(owner.code) + 1) % 10**8:08}"

    answer = owner.type_code(wrong)

    text = answer.body.decode()
    assert answer.status == 403
    assert 'role="alert"' in text
    assert f'value="{owner.address}"' in text
    assert wrong not in text
    assert owner.type_code().status == 200


@pytest.mark.parametrize(
    "spell",
    [
        lambda code: f" {code}\n",
        lambda code: f"{code[:4]} {code[4:]}",
        lambda code: f"{code[:2]}-{code[2:]}",
        " - ".join,
        lambda code: f"{code[:4]}\u00a0{code[4:]}\u3000",
        lambda code: code.translate({ord("0") + each: ord("０") + each for each in range(10)}),  # noqa: RUF001
    ],
    ids=["blanks-around", "blank-within", "dash", "dashes", "other-blanks", "full-width"],
)
def test_a_code_is_taken_as_people_type_it(server: Server, spell: Callable[[str], str]) -> None:
    owner = written_to(server)

    answer = owner.type_code(spell(owner.code))

    assert answer.status == 200


@pytest.mark.parametrize("code", ["", "0", "00000000000000000000000000", "abc", "\x00", "１" * 30, "%", "-" * 50])  # noqa: RUF001
def test_what_is_no_code_is_wrong(server: Server, code: str) -> None:
    assert written_to(server).type_code(code).status == 403


@pytest.mark.parametrize(
    "spelling",
    [
        "+86 {0} {1} {2}",
        "{0} {1} {2}",
        "{0}{1}{2}",
        "86-{0}{1}{2}",
        "86{0}{1}{2}",
        "0086 {0}-{1}-{2}",
        "+86-({0}) {1}.{2}",
        "  {0}{1}{2}  ",
    ],
)
def test_a_number_is_found_however_it_is_spelled(server: Server, spelling: str) -> None:
    number = new_phone()
    owner, local = texted(server, number), number.partition("-")[2]

    answer = owner.type_code(target=spelling.format(local[:3], local[3:7], local[7:]))

    assert answer.status == 200


def test_a_number_is_found_in_full_width_signs(server: Server) -> None:
    owner = texted(server)
    wide = {ord("0") + each: ord("０") + each for each in range(10)} | {ord("-"): "－"}  # noqa: RUF001

    answer = owner.type_code(target="＋" + owner.address.translate(wide))  # noqa: RUF001

    assert answer.status == 200


@pytest.mark.parametrize("spelling", [str.upper, str.title, " {} ".format, lambda text: text.replace("@", "＠")])  # noqa: RUF001
def test_an_email_address_is_found_however_it_is_spelled(server: Server, spelling: Callable[[str], str]) -> None:
    owner = written_to(server)

    answer = owner.type_code(target=spelling(owner.address))

    assert answer.status == 200


def test_a_code_of_another_address_is_wrong(server: Server) -> None:
    one, two = written_to(server), written_to(server)

    assert one.type_code(two.code).status == 403
    assert two.type_code().status == 200


def test_a_code_of_an_sms_has_6_digits_and_of_an_email_8(server: Server) -> None:
    assert [len(each.code) for each in (texted(server), written_to(server))] == [6, 8]


def test_five_wrong_tries_make_a_code_void_while_the_link_still_works(server: Server) -> None:
    owner = written_to(server)
    path = owner.path

    wrong = [owner.type_code("0").status for _ in range(5)]
    right = owner.type_code()

    assert wrong == [403] * 5
    assert right.status == 403
    owner.press("confirm", path)
    assert b"Thank you, that is confirmed" in owner.open(path).body


def test_a_right_code_is_taken_at_the_last_try(server: Server) -> None:
    owner = written_to(server)

    for _ in range(4):
        owner.type_code("0")

    assert owner.type_code().status == 200


def test_a_new_letter_brings_new_tries(own_server_without_limits: Server) -> None:
    owner = written_to(own_server_without_limits)
    for _ in range(5):
        owner.type_code("0")
    own_server_without_limits.runtime.clock.advance(1)
    owner.press("again")

    assert owner.type_code().status == 200


def test_wrong_tries_are_spent_on_one_address_alone(server: Server) -> None:
    one, two = written_to(server), written_to(server)
    for _ in range(6):
        one.type_code("0")

    assert two.type_code().status == 200


@pytest.mark.parametrize("state", ["unknown", "waiting", "sent to", "void", "expired", "confirmed", "refused"])
def test_the_answer_to_a_wrong_code_tells_nothing_of_the_address(own_server_without_limits: Server, state: str) -> None:
    server, address = own_server_without_limits, new_email()
    before = post(server, "/verify", target=address, code="12345678")
    if state == "waiting":
        add(Sdk(server.account()), email_address=address)
    elif state != "unknown":
        owner = written_to(server, address)
        if state == "void":
            for _ in range(5):
                owner.type_code("0")
        if state == "expired":
            server.runtime.clock.advance(24 * HOUR_MS)
        if state in ("confirmed", "refused"):
            owner.press("confirm" if state == "confirmed" else "refuse")

    answer = post(server, "/verify", target=address, code="12345678")

    assert (answer.status, answer.body) == (403, before.body)
    assert {**answer.headers, "date": ""} == {**before.headers, "date": ""}


def test_a_network_address_tries_so_many_codes_an_hour(own_settings: Settings) -> None:
    with serving(replace(own_settings, codes_per_source_hour=3)) as server:
        owner = written_to(server)

        statuses = [post(server, "/verify", target=new_email(), code="0").status for _ in range(4)]
        limited = owner.type_code()
        by_link = owner.open().status
        server.runtime.clock.advance(HOUR_MS)
        later = owner.type_code()

    assert statuses == [403, 403, 403, 429]
    assert limited.status == 429
    assert b"Try again in <bdi>1 hour</bdi>." in limited.body or b"60 minutes" in limited.body
    assert by_link == 200
    assert later.status == 200


@pytest.mark.parametrize(
    "target", ["", " ", "@", "a@", "+", "00", "1" * 400, "a" * 400 + "@example.com", "\x00", "\ud83d\udd11", "<b>\"'&"]
)
def test_any_text_may_be_typed_as_an_address(server: Server, target: str) -> None:
    text = target.encode("utf-16", "surrogatepass").decode("utf-16")

    answers = [post(server, "/verify", target=text, code="0"), post(server, "/verify/again", target=text)]

    assert [answer.status for answer in answers] == [403, 303]
    assert b"<b>" not in answers[0].body


@pytest.mark.parametrize("path", ["/verify", "/verify/again"])
@pytest.mark.parametrize("body", [b"", b"target", b"target=%ff%fe&code=%00", b"\xff", b"code=1", b"target=a&target=b"])
def test_a_form_with_something_missing_or_broken_is_answered(server: Server, path: str, body: bytes) -> None:
    answer = send(server.endpoint, "POST", path, {"content-type": "application/x-www-form-urlencoded"}, body)

    assert answer.status == (403 if path == "/verify" else 303)


def test_one_code_confirms_the_contact_that_it_was_sent_for_among_many(own_server_without_limits: Server) -> None:
    server, address = own_server_without_limits, new_email()
    owners = [written_to(server, address) for _ in range(4)]
    codes = {each.content.code for each in owners[0].letters}

    statuses = [owners[0].type_code(code).status for code in sorted(codes)]

    assert len(codes) == 4
    assert statuses == [200] * 4


def test_a_second_confirmed_number_leaves_the_contact_as_it_is(server: Server) -> None:
    sdk, owner = Sdk(server.account()), Owner(server, new_phone())
    contact_id = add(sdk, phone_number=owner.address)
    sdk.call(SEND_PHONE, contact_id=contact_id, phone_number=owner.address)

    owner.type_code()
    owner.type_code()

    assert shown(sdk, contact_id)["PhoneNumber"] == owner.address
    assert waiting(sdk, contact_id) == ["tom@example.com"]
