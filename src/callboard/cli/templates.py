"""`callboard templates`: texts of messages with variables, kept in TOML files and put onto the server."""

import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import click

from callboard.cli.acting import act, directory_of, variables
from callboard.cli.output import printable
from callboard.errors import StartupError

LANGUAGES = {"en": "En", "zh": "Zh"}
_ACCOUNT = click.option("--account", help="The management account; needed where there are several.")
_VARIABLES = click.option("--var", "given", multiple=True, metavar="NAME=VALUE", help="A variable of the template.")


@click.group()
def templates() -> None:
    """Message templates. A file has name, content_type (Text or Markdown), and [en], [zh] with subject and content."""


@templates.command("list")
@_ACCOUNT
def list_(account: str | None) -> None:
    """List the templates, with their languages and variables."""
    token = None
    while True:
        given = {"NextToken": token, "MaxResults": 100}
        reply = act("ListMessageTemplates", given, partial(_directory, account))
        for each in reply.message_templates:
            languages, names = ", ".join(each.languages), ", ".join(each.variables)
            click.echo(f"{each.template_name:32}  {each.content_type:8}  {languages:6}  {names}".rstrip())
        token = reply.next_token
        if not token:
            return


@templates.command()
@click.argument("name")
@_ACCOUNT
def show(name: str, account: str | None) -> None:
    """Print the template NAME as a file that can be put again."""
    found = act("GetMessageTemplate", {"TemplateName": name}, partial(_directory, account)).message_template
    click.echo(f'name = "{found.template_name}"\ncontent_type = "{found.content_type}"')
    for language in found.languages:
        subject, content = (getattr(found, f"{part}_{language}") for part in ("subject", "content"))
        click.echo(f'\n[{language}]\nsubject = "{_escaped(subject)}"\ncontent = """\n{_escaped(content)}"""')


@templates.command()
@click.argument("file", type=click.Path(path_type=Path))
@_ACCOUNT
def put(file: Path, account: str | None) -> None:
    """Save the template in FILE, in the place of the one that has its name."""
    reply = act("PutMessageTemplate", _read(file), partial(_directory, account))
    names = ", ".join(reply.message_template.variables) or "none"
    click.echo(f"{reply.message_template.template_name} is saved; variables: {names}.")


@templates.command()
@click.argument("name", required=False)
@click.option("--file", type=click.Path(path_type=Path), help="A file that is not saved yet, instead of NAME.")
@_VARIABLES
@click.option("--html", "as_html", is_flag=True, help="The mail's HTML instead of its text.")
@_ACCOUNT
def preview(name: str | None, file: Path | None, given: tuple[str, ...], account: str | None, *, as_html: bool) -> None:
    """Print the mails that the template NAME would make, in each of its languages."""
    if (name is None) == (file is None):
        raise StartupError("Name a template, or a --file.")
    texts = {"TemplateName": name} if file is None else {**_read(file), "TemplateName": None}
    reply = act("PreviewMessageTemplate", {**texts, "Variables": variables(given)}, partial(_directory, account))
    for each in reply.previews:
        click.echo(f"--- {each.language}\nSubject: {each.mail_subject}\n")
        click.echo(each.mail_html if as_html else each.mail_text)


@templates.command()
@click.argument("name")
@_ACCOUNT
def delete(name: str, account: str | None) -> None:
    """Delete the template NAME."""
    act("DeleteMessageTemplate", {"TemplateName": name}, partial(_directory, account))
    click.echo(f"{printable(name)} is deleted.")


def _directory(account: str | None, connection: Any) -> Any:
    return directory_of(connection, account)


def _read(file: Path) -> dict[str, Any]:
    """The parameters that a file says."""
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StartupError(f"{file} cannot be read: {error}") from error
    given = {"TemplateName": read.pop("name", None), "ContentType": read.pop("content_type", None)}
    for language, suffix in LANGUAGES.items():
        texts = read.pop(language, {})
        if not isinstance(texts, dict) or texts.keys() - {"subject", "content"}:
            raise StartupError(f"{file}: [{language}] has subject and content, and nothing else.")
        given |= {f"{part.title()}{suffix}": text for part, text in texts.items()}
    if read:
        raise StartupError(f"{file}: {printable(next(iter(read)))} means nothing here.")
    return given


def _escaped(text: str) -> str:
    """Within quotes of TOML, also of several lines."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r")
