"""The parameters of message templates: rule, refusals and text of each."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.messages.limits import LONGEST_CONTENT, NOT_IN_TEXT
from callboard.messages.wordings.language import NAME
from callboard.messages.wordings.rules import LONGEST_SUBJECT_SOURCE, MOST_VARIABLES
from callboard.parameters import fitting, next_token
from callboard.profile import Profile

LONGEST_VALUE = 2000

_TEMPLATE_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_LANGUAGE = "{{ name }} is a variable; {% if name %}...{% else %}...{% endif %} asks whether it is not empty."


def _read_token(text: str) -> str | None:
    return text if re.fullmatch(_TEMPLATE_NAME, text) else None


def _check_variables(given: Sequence[Mapping[str, str]], _: Profile) -> tuple[tuple[str, str], ...]:
    """Names and values, each name once."""
    found = {each.get("Name", ""): each.get("Value", "") for each in given}
    fits = all(NAME.fullmatch(name) and _is_value(value) for name, value in found.items())
    if not fits or len(found) != len(given) or len(given) > MOST_VARIABLES:
        raise ParameterInvalid(parameter="Variables")
    return tuple(sorted(found.items()))


def _is_value(text: str) -> bool:
    return len(text) <= LONGEST_VALUE and not NOT_IN_TEXT.search(text)


def _text(what: str, longest: int, example: str) -> Parameter:
    """A template is checked whole, so that what is wrong with it is told with its line."""
    return Parameter(
        description=f"{what}, at most {longest} characters. {_LANGUAGE}",
        example=example,
        schema={"type": "string", "maxLength": longest},
        invalid=ParameterInvalid,
        may_be_empty=True,
    )


TemplateName = Annotated[
    str,
    fitting(
        "TemplateName",
        _TEMPLATE_NAME,
        description="The name of the message template: 1 to 64 letters, digits, dots, hyphens and underscores.",
        example="database-down",
    ),
]
SubjectEn = Annotated[
    str, _text("The subject in English, one line", LONGEST_SUBJECT_SOURCE, "Database {{ name }} does not answer")
]
ContentEn = Annotated[str, _text("The content in English", LONGEST_CONTENT, "Since {{ since }}.")]
SubjectZh = Annotated[
    str, _text("The subject in Chinese, one line", LONGEST_SUBJECT_SOURCE, "数据库 {{ name }} 没有响应")
]
ContentZh = Annotated[str, _text("The content in Chinese", LONGEST_CONTENT, "自 {{ since }} 起。")]
Variables = Annotated[
    tuple[tuple[str, str], ...],
    Parameter(
        description=f"The value of each variable of the template, at most {MOST_VARIABLES}: Name has up to 50 letters, "
        f"digits and underscores, Value up to {LONGEST_VALUE} characters; without Value it is empty. In Markdown a "
        "value is shown to the letter, on one line.",
        example=[{"Name": "name", "Value": "production-1"}],
        schema={
            "type": "array",
            "maxItems": MOST_VARIABLES,
            "items": {
                "type": "object",
                "properties": {
                    "Name": {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]{0,49}$"},
                    "Value": {"type": "string", "maxLength": LONGEST_VALUE},
                },
            },
        },
        kind=dict,
        invalid=ParameterInvalid,
        check=_check_variables,
        may_be_empty=True,
    ),
]
"""Names with their values, by name, each name once."""
NextToken = Annotated[str, next_token(_read_token, example="database-down")]
