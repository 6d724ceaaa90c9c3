"""The actions that read message templates, and show what they would make of a message."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from callboard.api.model import Reply, Request
from callboard.audit.parameters import DEFAULT_RESULTS, MaxResults
from callboard.call import Call
from callboard.messages import letters
from callboard.messages.letters import Facts, Reason
from callboard.messages.parameters import ContentType
from callboard.messages.rules import Severity
from callboard.messages.shapes import TEXT, Body, Text, operation
from callboard.messages.wordings import rules, storage
from callboard.messages.wordings.errors import (
    TemplateInvalid,
    TemplateNotFound,
    TemplateOrTexts,
    VariableMissing,
    VariablesInvalid,
)
from callboard.messages.wordings.parameters import (
    ContentEn,
    ContentZh,
    NextToken,
    SubjectEn,
    SubjectZh,
    TemplateName,
    Variables,
)
from callboard.messages.wordings.rules import Wording
from callboard.messages.wordings.shapes import (
    ALL_TEMPLATES,
    ONE_TEMPLATE,
    PreviewShown,
    TemplateShown,
    TemplateSummary,
    VariablesShown,
    summary,
    whole,
)
from callboard.messages.wordings.storage import Template
from callboard.parameters import NextTokenShown
from callboard.recipients.shapes import PathShown
from callboard.verification.sending import organisation_of

NOBODY = Reason("...", [PathShown(kind="Direct", scope_id="")])
"""For whose sake a preview's mail would go."""


class GetMessageTemplate(Request):
    """Show a message template."""

    template_name: TemplateName


class GetMessageTemplateReply(Reply, kw_only=True):
    message_template: TemplateShown


@operation(access_level="get", resource=ONE_TEMPLATE, errors=[TemplateNotFound])
def get_message_template(call: Call, request: GetMessageTemplate) -> GetMessageTemplateReply:
    return GetMessageTemplateReply(message_template=whole(find(call, request.template_name)))


class ListMessageTemplates(Request):
    """List the message templates by name, without their texts. Go on with NextToken as long as there is one."""

    next_token: NextToken | UnsetType = UNSET
    max_results: MaxResults = DEFAULT_RESULTS


class ListMessageTemplatesReply(Reply, kw_only=True):
    message_templates: list[TemplateSummary]
    max_results: Annotated[int, Meta(description="The most templates on a page.", examples=[50])]
    next_token: NextTokenShown | UnsetType = UNSET


@operation(access_level="list", resource=ALL_TEMPLATES)
def list_message_templates(call: Call, request: ListMessageTemplates) -> ListMessageTemplatesReply:
    found, after = storage.page(
        call.connection, call.directory_id, after=request.next_token or "", limit=request.max_results
    )
    return ListMessageTemplatesReply(
        message_templates=[summary(each) for each in found],
        max_results=request.max_results,
        next_token=after or UNSET,
    )


class PreviewMessageTemplate(Request):
    """Show what a message template, or texts that are not saved, would make of variables: subject and content in each
    language, and the mail with them. Nothing is saved or sent.
    """

    template_name: TemplateName | UnsetType = UNSET
    subject_en: SubjectEn | UnsetType = UNSET
    content_en: ContentEn | UnsetType = UNSET
    subject_zh: SubjectZh | UnsetType = UNSET
    content_zh: ContentZh | UnsetType = UNSET
    content_type: ContentType | UnsetType = UNSET
    variables: Variables | UnsetType = UNSET


class PreviewMessageTemplateReply(Reply, kw_only=True):
    variables: VariablesShown
    previews: Annotated[list[PreviewShown], Meta(description="One for each language that there is.")]


@operation(
    access_level="get",
    resource=ONE_TEMPLATE,
    errors=[TemplateNotFound, TemplateInvalid, TemplateOrTexts, VariableMissing, VariablesInvalid],
)
def preview_message_template(call: Call, request: PreviewMessageTemplate) -> PreviewMessageTemplateReply:
    wording = _wording(call, request)
    texts = rules.rendered(wording, dict(request.variables or ()))
    return PreviewMessageTemplateReply(
        variables=list(wording.names), previews=list(_previews(call, texts, wording.content_type))
    )


def find(call: Call, name: str) -> Template:
    """Raises TemplateNotFound."""
    found = storage.find(call.connection, call.directory_id, name)
    if found is None:
        raise TemplateNotFound
    return found


def _wording(call: Call, request: PreviewMessageTemplate) -> Wording:
    subjects = {"en": request.subject_en or "", "zh": request.subject_zh or ""}
    contents = {"en": request.content_en or "", "zh": request.content_zh or ""}
    has_texts = any((*subjects.values(), *contents.values()))
    if bool(request.template_name) == has_texts or (request.template_name and request.content_type):
        raise TemplateOrTexts
    if request.template_name:
        return find(call, request.template_name).wording
    return rules.made(subjects, contents, content_type=request.content_type or TEXT)


def _previews(call: Call, texts: dict[str, Text], content_type: str) -> Iterable[PreviewShown]:
    facts = Facts(
        organisation=organisation_of(call),
        directory_id=call.directory_id,
        account_id=call.principal.account_id,
        account_name="",
        message_type="ServiceMessage",
        severity=Severity.INFO,
        subject="",
        body=Body("", content_type),
        language="",
    )
    for language, text in texts.items():
        mail = letters.email(
            replace(facts, subject=text.subject, body=replace(facts.body, content=text.content), language=language),
            [NOBODY],
        )
        yield PreviewShown(
            language=language,
            subject=text.subject,
            content=text.content,
            mail_subject=mail.subject,
            mail_text=mail.text,
            mail_html=mail.html,
        )
