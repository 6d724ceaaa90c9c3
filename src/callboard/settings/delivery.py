"""The settings of what leaves the house: email by SMTP, SMS by one of three ways, and the mailbox."""

import json
import re
from dataclasses import dataclass
from email.utils import parseaddr

from callboard.settings.field import is_web, setting

SECURITIES = ("starttls", "tls", "none")
GATEWAY_TYPES = ("json", "form")

_SCHEMA = re.compile(r"[a-z0-9_]{2,20}")


@dataclass(frozen=True, kw_only=True)
class DeliverySettings:
    """Where letters go. With nothing set they stay in the mailbox."""

    mailbox: bool = setting(
        False, "Whether letters may stay in the mailbox, and be read there, on an address that is not this machine's."
    )
    smtp_host: str = setting("", "The SMTP server that takes emails; empty: emails stay in the mailbox.")
    smtp_port: int = setting(0, "Its port; 0: 587 with starttls, 465 with tls, 25 with none.")
    smtp_security: str = setting("starttls", f"How the connection is protected: {', '.join(SECURITIES)}.")
    smtp_user: str = setting("", "User to log in with; empty: no login.")
    smtp_password: str = setting("", "Password of that user.")
    smtp_ca: str = setting("", "PEM file of the authority that vouches for the SMTP server; empty: the system's.")
    smtp_from: str = setting("", "Sender of emails, as Callboard <no-reply@example.com>; goes with smtp_host.")
    smtp_timeout_s: int = setting(30, "How long the SMTP server may take for one step, in seconds.")
    sms_gateway_url: str = setting(
        "", "HTTP gateway that takes SMS; {number}, {text}, {code} and {id} may stand in it; empty: none."
    )
    sms_gateway_method: str = setting("POST", "Method of the gateway's request: POST, PUT or GET.")
    sms_gateway_headers: str = setting("{}", "Headers of the gateway's request, as a JSON object of texts.")
    sms_gateway_body: str = setting(
        '{"to": "{number}", "text": "{text}", "id": "{id}"}',
        "Body of the gateway's request, with the placeholders of the URL: a JSON object, or a=b&c=d with type form.",
    )
    sms_gateway_type: str = setting("json", f"Form of that body: {' or '.join(GATEWAY_TYPES)}.")
    sms_gateway_success: str = setting("", "What the answer of a gateway must contain besides a status 2xx.")
    sms_gateway_timeout_s: int = setting(15, "How long the gateway may take, in seconds.")
    sms_apprise_url: str = setting(
        "", "An Apprise URL that takes SMS, with {number} for the receiver (extra apprise); empty: none."
    )
    sms_aliyun_access_key_id: str = setting("", "Access key for Alibaba Cloud's SendSms (extra aliyun-sms).")
    sms_aliyun_access_key_secret: str = setting("", "Secret of that access key.")
    sms_aliyun_sign_name: str = setting("", "Signature of the SMS, as approved there.")
    sms_aliyun_template_code: str = setting("", "Template of the SMS, as approved there.")
    sms_aliyun_template_params: str = setting(
        '{"code": "{code}"}', "Variables of the template, a JSON object of texts with {code} and {text}."
    )
    sms_aliyun_endpoint: str = setting("dysmsapi.aliyuncs.com", "Where SendSms is called, a host with or without port.")
    sms_aliyun_protocol: str = setting("https", "How SendSms is called: https or http.")
    webhook_timeout_s: int = setting(15, "How long a webhook may take to answer, in seconds.")
    webhook_private_addresses: bool = setting(
        False,
        "Whether endpoints may lead into this machine's own networks, and webhooks be plain http: for tests, or where "
        "everybody who may create endpoints is trusted with that.",
    )
    chat_services: str = setting(
        "dingtalk,feishu,lark,wecombot,slack,workflows,discord,tgram,gchat,wxteams",
        "Services that chats may be of (extra apprise), by the schemas of their Apprise URLs; empty: none.",
    )
    worker: bool = setting(True, "Whether the server process itself delivers letters; else `callboard worker` does.")
    history_days: int = setting(30, "How long letters, proofs and messages are kept, in days.")
    outbox_attempts: int = setting(60, "How often a letter is tried before it is given up.")
    outbox_backoff_s: int = setting(5, "Pause after the first failure, in seconds; it doubles with each, with jitter.")
    outbox_backoff_limit_s: int = setting(1800, "Longest pause between two tries, in seconds.")
    outbox_lease_s: int = setting(150, "How long a worker may hold a letter, in seconds; then another may try it.")
    outbox_concurrency: int = setting(16, "Letters that one worker process sends at the same time, in each channel.")
    email_per_second: int = setting(0, "Emails that all workers together send in a second; 0: as many as go.")
    sms_per_second: int = setting(0, "SMS that all workers together send in a second; 0: as many as go.")
    administrator_email: str = setting(
        "", "Who is told when somebody refuses an address; empty: the notice stays in the mailbox."
    )
    fallback_email: str = setting(
        "", "Who gets messages that nobody else is told of; empty: the administrator, if set, else the mailbox."
    )

    @property
    def sms_provider(self) -> str:
        """gateway, apprise, aliyun, or nothing when SMS stay in the mailbox."""
        given = {
            "gateway": self.sms_gateway_url,
            "apprise": self.sms_apprise_url,
            "aliyun": self.sms_aliyun_access_key_id,
        }
        return next((name for name, value in given.items() if value), "")

    @property
    def chat_schemas(self) -> frozenset[str]:
        return frozenset(each.strip().lower() for each in self.chat_services.split(",") if each.strip())

    @property
    def kept_channels(self) -> frozenset[str]:
        """The channels without a provider: their letters stay in the mailbox."""
        has_provider = {"email": bool(self.smtp_host), "sms": bool(self.sms_provider)}
        return frozenset(channel for channel, is_there in has_provider.items() if not is_there)


DELIVERY_SECRETS = (
    "smtp_password",
    "sms_gateway_url",
    "sms_gateway_headers",
    "sms_gateway_body",
    "sms_apprise_url",
    "sms_aliyun_access_key_secret",
)


def delivery_problems(settings: DeliverySettings) -> dict[str, bool]:
    """Which of these settings do not fit."""
    providers = (settings.sms_gateway_url, settings.sms_apprise_url, settings.sms_aliyun_access_key_id)
    aliyun = (
        settings.sms_aliyun_access_key_secret,
        settings.sms_aliyun_sign_name,
        settings.sms_aliyun_template_code,
    )
    return {
        "smtp_port": not 0 <= settings.smtp_port <= 65535,
        "smtp_security": settings.smtp_security not in SECURITIES,
        "smtp_from": bool(settings.smtp_host) and "@" not in parseaddr(settings.smtp_from)[1],
        "smtp_password": bool(settings.smtp_user) != bool(settings.smtp_password),
        "smtp_timeout_s": not 1 <= settings.smtp_timeout_s <= 300,
        "sms_gateway_url": bool(settings.sms_gateway_url) and not is_web(settings.sms_gateway_url),
        "sms_gateway_method": settings.sms_gateway_method not in ("POST", "PUT", "GET"),
        "sms_gateway_headers": not _is_texts(settings.sms_gateway_headers),
        "sms_gateway_type": settings.sms_gateway_type not in GATEWAY_TYPES,
        "sms_gateway_body": settings.sms_gateway_type == "json" and not _is_json(settings.sms_gateway_body),
        "sms_gateway_timeout_s": not 1 <= settings.sms_gateway_timeout_s <= 300,
        "sms_apprise_url": sum(map(bool, providers)) > 1
        or (bool(settings.sms_apprise_url) and "{number}" not in settings.sms_apprise_url),
        "sms_aliyun_access_key_id": bool(settings.sms_aliyun_access_key_id) != all(aliyun),
        "sms_aliyun_template_params": not _is_texts(settings.sms_aliyun_template_params),
        "sms_aliyun_protocol": settings.sms_aliyun_protocol not in ("https", "http"),
        "webhook_timeout_s": not 1 <= settings.webhook_timeout_s <= 60,
        "chat_services": not all(_SCHEMA.fullmatch(each) for each in settings.chat_schemas),
        "history_days": not 1 <= settings.history_days <= 3650,
        "outbox_attempts": not 1 <= settings.outbox_attempts <= 1000,
        "outbox_backoff_s": not 1 <= settings.outbox_backoff_s <= 3600,
        "outbox_backoff_limit_s": settings.outbox_backoff_limit_s < settings.outbox_backoff_s,
        "outbox_lease_s": settings.outbox_lease_s < 10,
        "outbox_concurrency": not 1 <= settings.outbox_concurrency <= 100,
        "email_per_second": not 0 <= settings.email_per_second <= 100_000,
        "sms_per_second": not 0 <= settings.sms_per_second <= 100_000,
        **{name: not _is_email_or_empty(getattr(settings, name)) for name in ("administrator_email", "fallback_email")},
    }


def _is_email_or_empty(text: str) -> bool:
    return not text or "@" in parseaddr(text)[1]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _is_texts(text: str) -> bool:
    """Whether a text is a JSON object whose values are texts."""
    try:
        found = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict) and all(isinstance(value, str) for value in found.values())
