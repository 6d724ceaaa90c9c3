"""Message templates: saved, read, previewed, published by; each of their refusals provoked."""

from collections.abc import Callable
from typing import Any

import pytest

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS
from callboard.messages.wordings import rules
from callboard.preferences import storage as preferences
from callboard.preferences.rules import Preferences
from tests.access.rights import allow, user_with
from tests.audit.trail import records
from tests.declared import assert_declared
from tests.messages.press import VERSION, Present, call, letters, shown, with_bearer
from tests.recipients.world import World
from tests.serving import Server
from tests.signing import Response

EN = {
    "SubjectEn": "Database {{ name }} does not answer",
    "ContentEn": "Since {{ since }}.{% if link %} {{ link }}{% endif %}",
}
ZH = {"SubjectZh": "数据库 {{ name }} 没有响应", "ContentZh": "自 {{ since }} 起。"}
VARIABLES = {"name": "production-1", "since": "10:02", "link": ""}


def put(world: World, **texts: str) -> Response:
    return with_bearer(world.account, "PutMessageTemplate", {"TemplateName": "down", **(texts or {**EN, **ZH})})


def saved(world: World, **texts: str) -> None:
    answer = put(world, **texts)
    assert answer.status == 200, answer.body


def given(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]


def publish(world: World, member: str, values: dict[str, str] | None = None, **changes: Any) -> Response:
    usual = {"AccountId": member, "MessageType": "FaultMessage", "Severity": "Warning", "TemplateName": "down"}
    variables = given(VARIABLES if values is None else values)
    return with_bearer(world.account, "PublishMessage", {**usual, "Variables": variables, **changes})


def preview(world: World, values: dict[str, str] | None = None, **parameters: Any) -> Response:
    variables = given(VARIABLES if values is None else values)
    return with_bearer(world.account, "PreviewMessageTemplate", {"Variables": variables, **parameters})


def template(world: World, name: str = "down") -> dict[str, Any]:
    answer = call(world.account, "GetMessageTemplate", TemplateName=name)
    assert answer.status == 200, answer.body
    return dict(answer.json["MessageTemplate"])


def test_a_template_is_saved_replaced_listed_and_deleted(world: World) -> None:
    saved(world)
    first = template(world)
    saved(world, **EN, ContentType="Markdown")
    second = template(world)
    listed = call(world.account, "ListMessageTemplates").json["MessageTemplates"]
    deleted = call(world.account, "DeleteMessageTemplate", TemplateName="down")

    assert {name: first[name] for name in (*EN, *ZH)} == {**EN, **ZH}
    assert (first["Languages"], first["Variables"]) == (["en", "zh"], ["name", "since", "link"])
    assert (second["Languages"], second["ContentType"], "SubjectZh" in second) == (["en"], "Markdown", False)
    assert (second["CreateDate"], second["ModifyDate"] >= first["ModifyDate"]) == (first["CreateDate"], True)
    assert [each["TemplateName"] for each in listed] == ["down"]
    assert b"does not answer" not in call(world.account, "ListMessageTemplates").body
    assert deleted.status == 200
    assert call(world.account, "ListMessageTemplates").json["MessageTemplates"] == []
    trail = [record for record in records(world.account) if "Template" in record["ActionName"]]
    assert [record["ActionName"] for record in trail] == [
        "DeleteMessageTemplate",
        "PutMessageTemplate",
        "PutMessageTemplate",
    ]
    assert trail[0]["Resource"].endswith(":messagetemplate/down")


def test_templates_are_listed_by_name_a_page_at_a_time(world: World) -> None:
    names = ["a", "a-b", "a.b", "b", "c_1"]
    for each in reversed(names):
        assert put(world, TemplateName=each, **EN).status == 200
    found: list[str] = []
    parameters: dict[str, Any] = {"MaxResults": 2}
    while True:
        answer = call(world.account, "ListMessageTemplates", **parameters).json
        found += [each["TemplateName"] for each in answer["MessageTemplates"]]
        if "NextToken" not in answer:
            break
        parameters["NextToken"] = answer["NextToken"]

    assert sorted(found) == sorted(names)
    assert len(found) == len(names)


def test_a_message_says_what_the_template_made_of_it_whatever_becomes_of_the_template(world: World) -> None:
    member, tom = world.member(), world.contact("tom", email="tom@example.com")
    world.bind(tom, member)
    saved(world)

    answer = publish(world, member)
    saved(world, SubjectEn="Other", ContentEn="other")
    message = shown(world.account, answer.json["MessageId"])

    assert (message["Subject"], message["Content"]) == ("Database production-1 does not answer", "Since 10:02.")
    assert message["Translations"] == [
        {"Language": "zh", "Subject": "数据库 production-1 没有响应", "Content": "自 10:02 起。"}
    ]
    (letter,) = letters(world, "tom@example.com")
    assert letter.content.subject == "Database production-1 does not answer / 数据库 production-1 没有响应"
    for part in ("Since 10:02.", "自 10:02 起。"):
        assert part in letter.content.text
        assert part in letter.content.html
    (record,) = records(world.account, action_name="PublishMessage")
    assert "Database production-1 does not answer" in record["After"]


@pytest.mark.parametrize(
    ("language", "has", "lacks"), [("en", "Since 10:02", "自 10:02"), ("zh", "自 10:02", "Since 10:02")]
)
def test_everybody_reads_their_own_language(world: World, language: str, has: str, lacks: str) -> None:
    member, tom = world.member(), world.contact("tom", email="tom@example.com")
    world.bind(tom, member)
    wishes = Preferences(language=language)
    world.run(lambda open_: preferences.put(open_, world.directory_id, tom, wishes, at=world.now))
    saved(world)

    assert publish(world, member).status == 200
    (letter,) = letters(world, "tom@example.com")

    assert (has in letter.content.text, lacks in letter.content.text) == (True, False)
    assert (" / " in letter.content.subject, lacks in letter.content.html) == (False, False)


def test_a_template_of_one_language_is_the_same_for_all(world: World) -> None:
    member = world.member()
    world.bind(world.contact("tom", email="tom@example.com"), member)
    saved(world, **ZH)

    message = shown(world.account, publish(world, member, {"name": "p", "since": "1"}).json["MessageId"])
    (letter,) = letters(world, "tom@example.com")

    assert (message["Subject"], "Translations" in message) == ("数据库 p 没有响应", False)
    assert letter.content.text.count("自 1 起。") == 1


def test_the_same_call_again_is_the_same_message_though_the_template_has_changed_or_gone(world: World) -> None:
    member = world.member()
    saved(world)
    first = publish(world, member, IdempotencyKey="k").json["MessageId"]

    saved(world, SubjectEn="{{ other }}", ContentEn="other")
    changed = publish(world, member, IdempotencyKey="k").json["MessageId"]
    call(world.account, "DeleteMessageTemplate", TemplateName="down")
    backwards = dict(reversed(VARIABLES.items()))
    gone = publish(world, member, backwards, IdempotencyKey="k").json["MessageId"]
    other = publish(world, member, {**VARIABLES, "name": "production-2"}, IdempotencyKey="k")

    assert {first, changed, gone} == {first}
    assert (other.status, other.code) == (409, "IdempotentParameterMismatch")


def test_a_form_names_variables_by_number(world: World) -> None:
    saved(world, SubjectEn="{{ a }}{{ b }}", ContentEn="c")
    numbered = {"Variables.1.Name": "a", "Variables.1.Value": "x", "Variables.2.Name": "b"}
    usual = {"AccountId": world.member(), "MessageType": "FaultMessage", "Severity": "Info", "TemplateName": "down"}

    answer = call(world.account, "PublishMessage", **usual, **numbered)

    assert shown(world.account, answer.json["MessageId"])["Subject"] == "x"


def test_a_preview_is_the_mail_and_sends_nothing(world: World) -> None:
    saved(world)

    by_name = preview(world, TemplateName="down").json
    by_texts = preview(world, **EN, **ZH).json
    english, chinese = by_name["Previews"]

    assert by_texts["Previews"] == by_name["Previews"]
    assert by_name["Variables"] == ["name", "since", "link"]
    assert (english["Language"], english["Subject"]) == ("en", "Database production-1 does not answer")
    assert (english["MailSubject"], chinese["MailSubject"]) == (english["Subject"], chinese["Subject"])
    assert "Since 10:02." in english["MailText"]
    assert "<h1" in english["MailHtml"]
    assert ("自 10:02 起。" in chinese["MailText"], "服务消息" in chinese["MailText"]) == (True, True)
    assert call(world.account, "ListMessages").json["Messages"] == []


def test_markdown_of_the_template_counts_and_that_of_values_does_not(world: World) -> None:
    member = world.member()
    world.bind(world.contact("tom", email="tom@example.com"), member)
    saved(world, SubjectEn="{{ v }}", ContentEn="# {{ v }}\n\n*now*: {{ v }}", ContentType="Markdown")
    evil = "[click](https://evil.example/) <b>bold</b> *x*"

    assert publish(world, member, {"v": evil}).status == 200
    (letter,) = letters(world, "tom@example.com")

    assert letter.content.subject == evil
    assert letter.content.html.count("<em>") == 1
    assert 'evil.example/"' not in letter.content.html
    assert "&lt;b&gt;bold&lt;/b&gt;" in letter.content.html
    assert "[click](https://evil.example/)" in letter.content.html


def test_html_in_values_of_a_text_is_shown_as_it_stands(world: World) -> None:
    member = world.member()
    world.bind(world.contact("tom", email="tom@example.com"), member)
    saved(world, SubjectEn="{{ v }}", ContentEn="{{ v }}")

    assert publish(world, member, {"v": "<script>alert(1)</script> {{ v }} {% if"}).status == 200
    (letter,) = letters(world, "tom@example.com")

    assert "<script" not in letter.content.html
    assert "{{ v }} {% if" in letter.content.text


@pytest.mark.parametrize(
    ("texts", "parts"),
    [
        ({**EN, "ContentEn": "one\n{{ ''.__class__ }}"}, ("English: ContentEn, line 2:", "only the name")),
        ({**EN, **ZH, "ContentZh": "一\n二\n{% if x %}"}, ("Chinese: ContentZh, line 3:", "endif")),
        ({**EN, "SubjectEn": "{% for x in range(10**9) %}x{% endfor %}"}, ("English: SubjectEn, line 1:", "for")),
        ({**EN, "SubjectEn": "one\ntwo"}, ("SubjectEn, line 1:", "one line")),
        ({**EN, "SubjectEn": "{% if a %}\nx{% endif %}"}, ("SubjectEn, line 1:", "one line")),
        ({**EN, "SubjectEn": "a\u202eb"}, ("SubjectEn, line 1:", "one line")),
        ({**EN, "ContentEn": "one\ntwo\x1b"}, ("ContentEn, line 2:", "control characters")),
        ({**EN, "SubjectEn": "x" * 201}, ("SubjectEn, line 1:", "more than 200")),
        ({**EN, "SubjectEn": "{% if a %}" + "x" * 201 + "{% endif %}"}, ("SubjectEn, line 1:", "more than 200")),
        ({**EN, "SubjectEn": "{{ a }}" * 150}, ("SubjectEn, line 1:", "more than 1000")),
        ({**EN, "ContentEn": "x\n" * 10_001}, ("ContentEn, line 10002:", "more than 20000")),
        ({**EN, "ContentEn": "{% if a %}" * 100_000}, ("ContentEn", "more than 20000")),
        ({**EN, "ContentEn": "{% if a %}" * 900 + "{% endif %}" * 900}, ("ContentEn", "at most 10 ifs")),
        ({**EN, "ContentEn": " \n"}, ("ContentEn, line 1:", "says nothing")),
        ({**EN, "ContentEn": "\n".join(f"{{{{ v{each} }}}}" for each in range(51))}, ("ContentEn", "at most 50")),
        ({"SubjectEn": "s"}, ("English: ContentEn", "missing")),
        ({"ContentZh": "s"}, ("Chinese: SubjectZh", "missing")),
        ({"ContentType": "Text"}, ("every language", "must have both")),
        ({**EN, "SubjectEn": "", "ContentEn": ""}, ("every language", "must have both")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_when_it_is_saved_and_told_with_its_place(
    world: World, texts: dict[str, str], parts: tuple[str, ...]
) -> None:
    refused = put(world, **texts)

    assert (refused.status, refused.code) == (400, "InvalidParameter.MessageTemplate")
    for part in parts:
        assert part in refused.json["Message"]
    assert preview(world, {}, **{name: text for name, text in texts.items() if name != "ContentType"}).status == 400
    assert call(world.account, "ListMessageTemplates").json["MessageTemplates"] == []


@pytest.mark.parametrize(
    ("values", "code", "part"),
    [
        ({"name": "x", "since": "y"}, "MissingParameter.Variables", "the variable link"),
        ({**VARIABLES, "nmae": "x"}, "InvalidParameter.Variables", "no variable nmae"),
        ({**VARIABLES, "name": "x\nBcc: evil@example.com"}, "InvalidParameter.Variables", "English subject"),
        ({**VARIABLES, "name": "x" * 200}, "InvalidParameter.Variables", "1 to 200 characters"),
        ({**VARIABLES, "name": "x\x00"}, "InvalidParameter", "Variables"),
        ({**VARIABLES, "name": "\u202e"}, "InvalidParameter", "Variables"),
        ({**VARIABLES, "name": "x" * 2001}, "InvalidParameter", "Variables"),
        ({**VARIABLES, "a-b": "x"}, "InvalidParameter", "Variables"),
        ({f"v{each}": "x" for each in range(51)}, "InvalidParameter", "Variables"),
    ],
)
def test_variables_that_do_not_fit_are_refused_and_named(
    world: World, values: dict[str, str], code: str, part: str
) -> None:
    saved(world)

    for refused in (publish(world, world.member(), values), preview(world, values, TemplateName="down")):
        assert (refused.status, refused.code, part in refused.json["Message"]) == (400, code, True)


def test_a_content_that_becomes_too_long_is_refused(world: World) -> None:
    saved(world, SubjectEn="s", ContentEn="{{ v }}" * 11)

    refused = publish(world, world.member(), {"v": "x" * 2000})

    assert (refused.code, "content would not be" in refused.json["Message"]) == ("InvalidParameter.Variables", True)


def test_variables_that_are_no_list_of_names_are_refused(world: World) -> None:
    for variables in ("x", ["x"], [{"Name": "a"}, {"Name": "a"}], [{"Value": "x"}], [{"Name": "a", "Value": 1}], {}):
        refused = publish(world, "1", Variables=variables)
        assert (refused.status, refused.code, "Variables" in refused.json["Message"]) == (400, "InvalidParameter", True)


def _without_variables(world: World, **changes: Any) -> Response:
    usual = {
        "AccountId": world.member(),
        "MessageType": "FaultMessage",
        "Severity": "Info",
        "Subject": "s",
        "Content": "c",
    }
    return with_bearer(world.account, "PublishMessage", {**usual, **changes})


PROVOCATIONS: dict[tuple[str, str], Callable[[World], Response]] = {
    ("GetMessageTemplate", "EntityNotExists.MessageTemplate"): lambda world: call(
        world.account, "GetMessageTemplate", TemplateName="none"
    ),
    ("DeleteMessageTemplate", "EntityNotExists.MessageTemplate"): lambda world: call(
        world.account, "DeleteMessageTemplate", TemplateName="none"
    ),
    ("PutMessageTemplate", "InvalidParameter.MessageTemplate"): lambda world: put(world, SubjectEn="{{"),
    ("PutMessageTemplate", "LimitExceeded.MessageTemplates"): lambda world: put(world, TemplateName="another", **EN),
    ("PreviewMessageTemplate", "EntityNotExists.MessageTemplate"): lambda world: preview(
        world, TemplateName="none"
    ),
    ("PreviewMessageTemplate", "InvalidParameter.MessageTemplate"): lambda world: preview(world, SubjectEn="{{"),
    ("PreviewMessageTemplate", "InvalidParameter.TemplateName"): preview,
    ("PreviewMessageTemplate", "MissingParameter.Variables"): lambda world: preview(
        world, {}, TemplateName="down"
    ),
    ("PreviewMessageTemplate", "InvalidParameter.Variables"): lambda world: preview(
        world, {**VARIABLES, "x": ""}, TemplateName="down"
    ),
    ("PublishMessage", "EntityNotExists.MessageTemplate"): lambda world: publish(
        world, world.member(), TemplateName="none"
    ),
    ("PublishMessage", "InvalidParameter.TemplateName"): lambda world: publish(world, world.member(), Subject="s"),
    ("PublishMessage", "MissingParameter.Variables"): lambda world: publish(world, world.member(), {}),
    ("PublishMessage", "InvalidParameter.Variables"): lambda world: publish(
        world, world.member(), {**VARIABLES, "x": ""}
    ),
}  # fmt: skip
NAMES = ("GetMessageTemplate", "ListMessageTemplates", "PutMessageTemplate", "DeleteMessageTemplate")
DECLARED = {
    (name, error.code) for name in (*NAMES, "PreviewMessageTemplate") for error in ACTIONS[VERSION, name].errors
}


@pytest.mark.parametrize(("action", "code"), PROVOCATIONS)
def test_a_declared_error_surfaces(world: World, action: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_TEMPLATES", 1)  # A bound, so that the test needs no five hundred.
    saved(world)
    refused = PROVOCATIONS[action, code](world)

    assert_declared(refused, action, code)


def test_every_declared_error_has_a_provocation() -> None:
    assert {each for each in PROVOCATIONS if each[0] != "PublishMessage"} == DECLARED


def test_a_template_that_is_there_is_replaced_also_where_there_are_as_many_as_may_be(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_TEMPLATES", 1)
    saved(world)

    assert put(world, **ZH).status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"TemplateName": "down", "Content": "c"}, {"TemplateName": "down", "ContentType": "Text"},
        {"TemplateName": "down"}, {"Variables": given({"a": "b"})},
    ],
)  # fmt: skip
def test_a_message_says_its_own_texts_or_those_of_a_template(world: World, changes: dict[str, Any]) -> None:
    refused = _without_variables(world, **changes)

    assert (refused.status, refused.code) == (400, "InvalidParameter.TemplateName")


@pytest.mark.parametrize("name", ["", "-a", "a b", "a/b", "ä", "x" * 65, "a\n", "*"])
def test_a_name_that_does_not_fit_is_refused(world: World, name: str) -> None:
    for action in (*NAMES[:1], *NAMES[2:]):
        refused = with_bearer(world.account, action, {"TemplateName": name, **EN})
        assert (refused.code, "TemplateName" in refused.json["Message"]) == ("InvalidParameter", True)


def test_a_user_has_the_rights_to_the_templates_that_it_is_given(world: World) -> None:
    saved(world)
    assert put(world, TemplateName="other", **EN).status == 200
    rights = allow("callboard:GetMessageTemplate", resource="acs:callboard:*:*:messagetemplate/down")
    user = user_with(world.account, rights)

    answers = [call(user, "GetMessageTemplate", TemplateName=each).status for each in ("down", "other")]
    denied = [
        call(user, "ListMessageTemplates"),
        call(user, "DeleteMessageTemplate", TemplateName="down"),
        call(user, "PutMessageTemplate", TemplateName="down", **EN),
        call(user, "PreviewMessageTemplate", TemplateName="down"),
    ]

    assert answers == [200, 403]
    assert {each.code for each in denied} == {"NoPermission"}


def test_templates_of_another_directory_are_not_there(world: World, server: Server) -> None:
    other = Present(server.account())
    saved(world)

    assert publish(other, other.member()).code == "EntityNotExists.MessageTemplate"
    assert preview(other, TemplateName="down").code == "EntityNotExists.MessageTemplate"
    assert call(other.account, "ListMessageTemplates").json["MessageTemplates"] == []
