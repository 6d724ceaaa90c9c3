"""Templates of messages: what makes a good one, and the texts that values make of it. Pure: no SQL, no clock."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from callboard.messages.limits import LONGEST_CONTENT, LONGEST_SUBJECT, NOT_IN_TEXT, NOT_ON_A_LINE, is_line, is_text
from callboard.messages.shapes import MARKDOWN, TEXT, Text
from callboard.messages.wordings.errors import TemplateInvalid, VariableMissing, VariablesInvalid
from callboard.messages.wordings.language import Fault, Pattern, in_markdown, read

LONGEST_SUBJECT_SOURCE = 1000
"""With its tags; what they make of it must still be a subject."""
MOST_VARIABLES = 50
MOST_TEMPLATES = 500
"""In one directory."""
LANGUAGES: Mapping[str, str] = {"en": "English", "zh": "Chinese"}
_SUFFIXES = {"en": "En", "zh": "Zh"}


class Wording(Struct, frozen=True):
    """A template: the same in each of its languages."""

    texts: dict[str, Text]
    content_type: str = TEXT

    @property
    def names(self) -> tuple[str, ...]:
        """Of its variables, each once, in the order in which they come."""
        return tuple(dict.fromkeys(name for part in _parts(self) for name in read(part.source).names))


class _Part(Struct, frozen=True):
    """A subject, or a content, in one language."""

    language: str
    is_subject: bool
    source: str

    @property
    def parameter(self) -> str:
        return f"{'Subject' if self.is_subject else 'Content'}{_SUFFIXES[self.language]}"

    @property
    def longest(self) -> int:
        return LONGEST_SUBJECT if self.is_subject else LONGEST_CONTENT


def made(subjects: Mapping[str, str], contents: Mapping[str, str], *, content_type: str = TEXT) -> Wording:
    """A template of what was given by language; empty is not given. Raises TemplateInvalid."""
    texts = {}
    for language, name in LANGUAGES.items():
        subject, content = subjects.get(language, ""), contents.get(language, "")
        if not subject and not content:
            continue
        missing = "Content" if subject else "Subject"
        if not subject or not content:
            raise _invalid(name, f"{missing}{_SUFFIXES[language]}", Fault(1, "it is missing"))
        texts[language] = Text(subject, content)
    if not texts:
        raise _invalid("every language", "SubjectEn", Fault(1, "one language must have both subject and content"))
    wording = Wording(texts, content_type)
    _check(wording)
    return wording


def rendered(wording: Wording, values: Mapping[str, str]) -> dict[str, Text]:
    """The texts by language. Raises VariableMissing, or VariablesInvalid for what is unknown or does not fit."""
    names = wording.names
    for name in names:
        if name not in values:
            raise VariableMissing(name=name)
    for name in values:
        if name not in names:
            raise VariablesInvalid(reason=f"it has no variable {name}.")
    in_content = values
    if wording.content_type == MARKDOWN:
        in_content = {name: in_markdown(value) for name, value in values.items()}
    filled = {}
    for part in _parts(wording):
        text = read(part.source).fill(values if part.is_subject else in_content)
        filled[part.language, part.is_subject] = _fitting(part, text)
    return {each: Text(filled[each, True], filled[each, False]) for each in wording.texts}


def chosen(texts: Mapping[str, Text], language: str) -> tuple[Text, dict[str, Text]]:
    """The text of the site's language, else the English one, else the only one; and what is said otherwise."""
    first = texts.get(language) or texts.get("en") or next(iter(texts.values()))
    return first, {each: text for each, text in texts.items() if text != first}


def _parts(wording: Wording) -> Iterator[_Part]:
    for language, text in wording.texts.items():
        yield _Part(language, True, text.subject)
        yield _Part(language, False, text.content)


def _check(wording: Wording) -> None:
    for part in _parts(wording):
        try:
            _check_source(part)
            _check_pattern(part, read(part.source))
        except Fault as fault:
            raise _invalid(LANGUAGES[part.language], part.parameter, fault) from fault
    if len(wording.names) > MOST_VARIABLES:
        language, text = next(iter(wording.texts.items()))
        excess = Fault(1 + text.content.count("\n"), f"at most {MOST_VARIABLES} variables may be used")
        raise _invalid(LANGUAGES[language], f"Content{_SUFFIXES[language]}", excess)


def _check_source(part: _Part) -> None:
    longest = LONGEST_SUBJECT_SOURCE if part.is_subject else LONGEST_CONTENT
    if len(part.source) > longest:
        raise Fault(1 + part.source.count("\n"), f"it has more than {longest} characters")
    bad = (NOT_ON_A_LINE if part.is_subject else NOT_IN_TEXT).search(part.source)
    if bad is not None:
        line = 1 + part.source.count("\n", 0, bad.start())
        raise Fault(line, "a subject is one line" if part.is_subject else "control characters have no place in it")


def _check_pattern(part: _Part, pattern: Pattern) -> None:
    if pattern.length > part.longest:
        raise Fault(1, f"without any value it has more than {part.longest} characters already")
    if not pattern.names and not part.source.strip():
        raise Fault(1, "it says nothing")


def _fitting(part: _Part, text: str) -> str:
    if part.is_subject:
        text = text.strip()
    fits = is_line(text, LONGEST_SUBJECT) if part.is_subject else is_text(text, LONGEST_CONTENT)
    if not fits:
        form = "one line of 1 to" if part.is_subject else "a text of 1 to"
        kind = "subject" if part.is_subject else "content"
        raise VariablesInvalid(
            reason=f"the {LANGUAGES[part.language]} {kind} would not be {form} {part.longest} characters."
        )
    return text


def _invalid(language: str, parameter: str, fault: Fault) -> TemplateInvalid:
    return TemplateInvalid(language=language, parameter=parameter, line=str(fault.line), reason=fault.reason)
