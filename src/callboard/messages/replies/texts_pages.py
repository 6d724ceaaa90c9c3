"""Every sentence of the pages that letters of messages lead to, in English and Chinese."""
# ruff: noqa: RUF001 (the full-width signs are Chinese punctuation)

from collections.abc import Mapping
from types import MappingProxyType

from callboard.messages.texts import SEVERITIES
from callboard.verification.texts import TEXTS, Phrase

_PAGES: Mapping[str, Phrase] = {
    "acknowledge_heading": ("Have you read this?", "您已阅知此消息吗？"),
    "acknowledge_asks": (
        "{organisation} wants to know that somebody has. Press the button once you have read the message.",
        "{organisation} 希望确认已有人阅知此消息。请在阅读后点击按钮。",
    ),
    "acknowledge_button": ("Acknowledge", "确认已阅知"),
    "acknowledge_others": (
        "Somebody has acknowledged it already, at {moment}. You can do so, too.",
        "已有人于 {moment} 确认，您仍可确认。",
    ),
    "acknowledge_nothing": (
        "If you do nothing, others may be told of it, too.",
        "如果您不做任何操作，系统可能会继续通知其他人。",
    ),
    "acknowledged_heading": ("Thank you, that is acknowledged", "已确认，谢谢您"),
    "acknowledged_at": ("It was acknowledged at {moment}.", "确认时间：{moment}。"),
    "acknowledged_before": (
        "It had been acknowledged before. Your press has changed nothing.",
        "此消息此前已确认，本次操作未作任何更改。",
    ),
    "sender": ("From", "来自"),
    "account_named": ("Account", "账号"),
    "published": ("Published", "发布时间"),
    "kind": ("Kind", "类型"),
    "kind_and_severity": ("{type}, {severity}", "{type}（{severity}）"),
    "for": ("For", "接收人"),
    "unsubscribe_heading": ("No more of these messages?", "不再接收此类消息？"),
    "unsubscribe_asks": (
        "{type} from {organisation} come to this address. Press the button if you want no more of them.",
        "此邮箱目前接收来自 {organisation} 的{type}。如果您不想再接收，请点击按钮。",
    ),
    "unsubscribe_button": ("Unsubscribe", "退订"),
    "unsubscribe_others": (
        "Messages of other types still come, and nothing changes if you close this page.",
        "其他类型的消息不受影响。关闭此页面不会更改任何设置。",
    ),
    "unsubscribed_heading": ("You are unsubscribed", "您已退订"),
    "unsubscribed_effect": (
        "{type} from {organisation} come to this address no more. Messages of other types still do.",
        "此邮箱不再接收来自 {organisation} 的{type}，其他类型的消息不受影响。",
    ),
    "subscribe_asks": ("Was that a mistake?", "误操作了？"),
    "subscribe_button": ("Subscribe again", "重新订阅"),
    "gone_heading": ("This link leads nowhere any more", "此链接已失效"),
    "gone_why": (
        "What it was about is not kept any longer. If it still matters to you, use the link of a newer message.",
        "相关消息已不再保留。如仍有需要，请使用更新消息中的链接。",
    ),
    "lost_heading": ("We do not know this link", "我们无法识别此链接"),
    "lost_why": (
        "A part of it was probably cut off when it was copied. Try to open it from the message once more.",
        "链接可能在复制时不完整。请从消息中重新打开链接。",
    ),
    **{f"severity_{severity.value}": phrase for severity, phrase in SEVERITIES.items()},
}

TEXTS_OF_PAGES: Mapping[str, Phrase] = MappingProxyType({**TEXTS, **_PAGES})
"""With those that all pages share."""
