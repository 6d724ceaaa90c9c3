"""What the actions about message templates refuse, and publishing by one."""

from callboard.errors import ApiError


class TemplateNotFound(ApiError):
    """The message template does not exist."""

    code, status = "EntityNotExists.MessageTemplate", 404
    when = "no template of that name in the directory of the caller"


class TemplateInvalid(ApiError):
    """The template is not valid in {language}: {parameter}, line {line}: {reason}"""

    code = "InvalidParameter.MessageTemplate"
    when = (
        "a template that is saved or previewed: unbalanced, anything but names and if on names, a subject that is not "
        "one line, too long, or no language with both subject and content; the message says where and why"
    )


class TemplateOrTexts(ApiError):
    """Give either TemplateName, with Variables, or the texts themselves with their ContentType."""

    code = "InvalidParameter.TemplateName"
    when = "a template beside texts of one's own, variables without a template, or, for a preview, neither"


class VariableMissing(ApiError):
    """You must specify the variable {name}."""

    code = "MissingParameter.Variables"
    when = "a variable that the template names and the call does not; the message names it"


class VariablesInvalid(ApiError):
    """The variables do not fit the template: {reason}"""

    code = "InvalidParameter.Variables"
    when = (
        "a variable that the template does not name, or values that make a subject of several lines, an empty or too "
        "long text; the message says which"
    )


class TooManyTemplates(ApiError):
    """The maximum number of message templates is reached."""

    code, status = "LimitExceeded.MessageTemplates", 409
    when = "a new template where the directory has 500 already"
