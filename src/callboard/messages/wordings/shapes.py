"""What the answers about message templates are made of."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from callboard.api.model import Shape
from callboard.clock import write_moment
from callboard.messages.shapes import LanguageShown
from callboard.messages.wordings.storage import Template
from callboard.recipients.shapes import ShownMoment

ONE_TEMPLATE = "acs:callboard:*:{AccountId}:messagetemplate/{TemplateName}"
ALL_TEMPLATES = "acs:callboard:*:{AccountId}:messagetemplate/*"

NameShown = Annotated[str, Meta(description="The name of the template.", examples=["database-down"])]
VariablesShown = Annotated[
    list[str], Meta(description="The names of its variables: a message needs a value for each.", examples=[["name"]])
]


class TemplateSummary(Shape, kw_only=True):
    """A template, without its texts."""

    template_name: NameShown
    content_type: Annotated[str, Meta(description="Text or Markdown.", examples=["Text"])]
    languages: Annotated[list[str], Meta(description="The languages that it has: en, zh.", examples=[["en", "zh"]])]
    variables: VariablesShown
    create_date: ShownMoment
    modify_date: ShownMoment


class TemplateShown(TemplateSummary, kw_only=True):
    """A template."""

    subject_en: Annotated[str, Meta(description="The subject in English, with its variables.")] | UnsetType = UNSET
    content_en: Annotated[str, Meta(description="The content in English, with its variables.")] | UnsetType = UNSET
    subject_zh: Annotated[str, Meta(description="The subject in Chinese, with its variables.")] | UnsetType = UNSET
    content_zh: Annotated[str, Meta(description="The content in Chinese, with its variables.")] | UnsetType = UNSET


class PreviewShown(Shape, kw_only=True):
    """What a message would say in one language, and the mail that would carry it."""

    language: LanguageShown
    subject: Annotated[str, Meta(description="The subject.", examples=["Database production-1 does not answer"])]
    content: Annotated[str, Meta(description="The content.", examples=["Since 10:02."])]
    mail_subject: Annotated[str, Meta(description="The subject of the mail.")]
    mail_text: Annotated[str, Meta(description="The text part of the mail.")]
    mail_html: Annotated[str, Meta(description="The HTML part of the mail.")]


def summary(template: Template) -> TemplateSummary:
    return TemplateSummary(**_fields(template))


def whole(template: Template) -> TemplateShown:
    texts = template.wording.texts
    by_language = {f"subject_{each}": text.subject for each, text in texts.items()}
    by_language |= {f"content_{each}": text.content for each, text in texts.items()}
    return TemplateShown(**_fields(template) | by_language)


def _fields(template: Template) -> dict[str, Any]:
    return {
        "template_name": template.name,
        "content_type": template.wording.content_type,
        "languages": list(template.wording.texts),
        "variables": list(template.wording.names),
        "create_date": write_moment(template.created_at),
        "modify_date": write_moment(template.modified_at),
    }
