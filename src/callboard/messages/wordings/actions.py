"""The actions that change message templates: saved under a name, and deleted."""

from msgspec import UNSET, UnsetType

from callboard.api.model import Reply, Request
from callboard.audit import storage as audit
from callboard.call import Call
from callboard.messages.parameters import ContentType
from callboard.messages.shapes import TEXT, operation
from callboard.messages.wordings import rules, storage
from callboard.messages.wordings.errors import TemplateInvalid, TemplateNotFound, TooManyTemplates
from callboard.messages.wordings.parameters import ContentEn, ContentZh, SubjectEn, SubjectZh, TemplateName
from callboard.messages.wordings.shapes import ONE_TEMPLATE, TemplateShown, whole
from callboard.messages.wordings.storage import Template
from callboard.tree import directories


class PutMessageTemplate(Request):
    """Save a message template, in the place of the one that has its name, if there is one: subject and content in
    English, in Chinese, or in both. What is wrong with it is found now, and told with its line; messages that were
    published by it stay as they are.
    """

    template_name: TemplateName
    subject_en: SubjectEn | UnsetType = UNSET
    content_en: ContentEn | UnsetType = UNSET
    subject_zh: SubjectZh | UnsetType = UNSET
    content_zh: ContentZh | UnsetType = UNSET
    content_type: ContentType = TEXT


class PutMessageTemplateReply(Reply, kw_only=True):
    message_template: TemplateShown


@operation(access_level="update", resource=ONE_TEMPLATE, errors=[TemplateInvalid, TooManyTemplates])
def put_message_template(call: Call, request: PutMessageTemplate) -> PutMessageTemplateReply:
    wording = rules.made(
        {"en": request.subject_en or "", "zh": request.subject_zh or ""},
        {"en": request.content_en or "", "zh": request.content_zh or ""},
        content_type=request.content_type,
    )
    directories.lock(call.connection, call.directory_id)
    before = storage.find(call.connection, call.directory_id, request.template_name)
    if before is None and storage.count(call.connection, call.directory_id) >= rules.MOST_TEMPLATES:
        raise TooManyTemplates
    template = Template(request.template_name, wording, before.created_at if before else call.now, call.now)
    storage.put(call.connection, call.directory_id, template)
    _record(call, "PutMessageTemplate", request.template_name, before=before, after=template)
    return PutMessageTemplateReply(message_template=whole(template))


class DeleteMessageTemplate(Request):
    """Delete a message template. Messages that were published by it stay as they are."""

    template_name: TemplateName


class DeleteMessageTemplateReply(Reply, kw_only=True):
    pass


@operation(access_level="delete", resource=ONE_TEMPLATE, errors=[TemplateNotFound])
def delete_message_template(call: Call, request: DeleteMessageTemplate) -> DeleteMessageTemplateReply:
    directories.lock(call.connection, call.directory_id)
    before = storage.find(call.connection, call.directory_id, request.template_name)
    if before is None:
        raise TemplateNotFound
    storage.remove(call.connection, call.directory_id, request.template_name)
    _record(call, "DeleteMessageTemplate", request.template_name, before=before)
    return DeleteMessageTemplateReply()


def _record(call: Call, action: str, name: str, *, before: Template | None, after: Template | None = None) -> None:
    resource = ONE_TEMPLATE.format(AccountId=call.principal.account_id, TemplateName=name)
    audit.add(call.connection, audit.Source.of(call), action, resource, before=before, after=after)
