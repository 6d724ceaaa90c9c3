"""The letter that brings an endpoint its code: facts in, finished texts out."""
# ruff: noqa: RUF001 (the full-width signs are Chinese punctuation)

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from callboard.call import Moment
from callboard.clock import write_moment
from callboard.delivery.letter import Content, Target
from callboard.verification.texts import LANGUAGES, Phrase
from callboard.verification.wording import Voice, apart

VERIFICATION = "endpoint.verification"

PHRASES: Mapping[str, Phrase] = {
    "subject": ("The code is {code}", "验证码：{code}"),
    "what": (
        "{organisation} would like to post messages here, as the endpoint {name}: {types}.",
        "{organisation} 希望通过端点 {name} 在此发布消息：{types}。",
    ),
    "how": (
        "To allow it, give the code {code} to whoever set this up, for ConfirmEndpoint ({id}) within 24 hours.",
        "如同意，请将验证码 {code} 告知设置者，并在 24 小时内通过 ConfirmEndpoint（{id}）输入。",
    ),
    "not": (
        "If nobody here expects this, do nothing: no message will come.",
        "如非您所需，请忽略：不会再收到任何消息。",
    ),
}


class Facts(Struct, frozen=True):
    """What the letter tells."""

    organisation: str
    endpoint_id: str
    name: str
    owner_id: str
    message_types: tuple[str, ...]
    code: str
    sent_at: Moment
    expires_at: Moment
    language: str
    """en, zh, or both."""


def webhook(facts: Facts, target: Target) -> Content:
    """An event, signed as all that come after it."""
    tells = {
        "EndpointId": facts.endpoint_id,
        "Name": facts.name,
        "OwnerId": facts.owner_id,
        "MessageTypes": facts.message_types,
        "Organisation": facts.organisation,
        "Code": facts.code,
        "ExpireDate": write_moment(facts.expires_at),
    }
    return Content(event(VERIFICATION, facts.sent_at, tells), code=facts.code, target=target)


def chat(facts: Facts, target: Target) -> Content:
    languages = [each for each in LANGUAGES if facts.language in (each, "both")]
    subject = " / ".join(_say("subject", each, code=facts.code) for each in languages)
    text = "\n\n".join(_paragraph(facts, each) for each in languages)
    return Content(text, subject=subject, code=facts.code, target=target)


def event(type: str, at: Moment, tells: Mapping[str, Any]) -> str:
    """The body of a webhook, as Standard Webhooks recommends it."""
    return msgspec.json.encode({"type": type, "timestamp": write_moment(at), "data": tells}).decode()


def _paragraph(facts: Facts, language: str) -> str:
    voice = Voice(language)
    types = voice.plain("between").join(voice.types(facts.message_types))
    values = {"name": apart(facts.name), "types": types, "code": facts.code, "id": facts.endpoint_id}
    organisation = voice.asker(facts.organisation)
    return "\n".join(_say(key, language, organisation=organisation, **values) for key in ("what", "how", "not"))


def _say(key: str, language: str, **values: str) -> str:
    return PHRASES[key][LANGUAGES.index(language)].format(**values)
