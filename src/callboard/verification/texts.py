"""Every sentence that letters say, and the names of things, in English and Chinese; the pages' are in texts_pages."""
# ruff: noqa: RUF001 (the full-width signs are Chinese punctuation)

from collections.abc import Mapping
from types import MappingProxyType

from callboard.verification.texts_pages import PAGES

LANGUAGES = ("en", "zh")
"""The order within every phrase below."""

Phrase = tuple[str, str]

TAGS: Mapping[str, str] = {"en": "en", "zh": "zh-Hans"}
"""The languages as HTML names them."""

MESSAGE_TYPES: Mapping[str, Phrase] = {
    "ServiceMessage": ("Service messages", "服务消息"),
    "FaultMessage": ("Fault messages", "故障消息"),
    "AccountExpenses": ("Account and expense messages", "账户资金消息"),
    "SecurityMessage": ("Security messages", "安全消息"),
    "ActivityMessage": ("Promotions and activities", "活动消息"),
    "ProductMessage": ("Product messages", "产品消息"),
}

TITLES: Mapping[str, Phrase] = {
    "FinanceDirector": ("Finance director", "财务负责人"),
    "TechnicalDirector": ("Technical director", "技术负责人"),
    "MaintenanceDirector": ("Maintenance director", "运维负责人"),
    "CEO": ("CEO", "CEO"),
    "ProjectDirector": ("Project director", "项目负责人"),
    "Other": ("", ""),
}
"""Nobody is called Other: the name stands alone."""

NAMES: Mapping[str, Phrase] = {
    "account": ("account {number}", "账号 {number}"),
    "name_and_title": ("{name}, {title}", "{name}（{title}）"),
    "name_and_id": ("{name} ({contact_id})", "{name}（{contact_id}）"),
    "labelled": ("{label}: {value}", "{label}：{value}"),
    "between": (", ", "、"),
    "minute": ("{count} minute", "{count} 分钟"),
    "minutes": ("{count} minutes", "{count} 分钟"),
    "hour": ("{count} hour", "{count} 小时"),
    "hours": ("{count} hours", "{count} 小时"),
    "days": ("{count} days", "{count} 天"),
    "asked_by": ("Asked by", "申请方"),
    "contact": ("Contact", "联系人"),
    "messages": ("Messages", "消息类型"),
}

LETTERS: Mapping[str, Phrase] = {
    "email_subject": (
        "Confirm your email address for messages from {organisation}",
        "请确认您的邮箱：接收来自 {organisation} 的消息",
    ),
    "email_subject_end": ("Please confirm your email address", "请确认您的邮箱"),
    "email_heading": ("Is this your email address?", "这是您的邮箱吗？"),
    "email_asks": (
        "It was entered to receive messages from {organisation}. Nothing is sent until you confirm that it is yours.",
        "该邮箱被登记用于接收来自 {organisation} 的消息。在您确认之前，我们不会发送任何消息。",
    ),
    "email_button": ("Confirm this address", "确认此邮箱"),
    "email_link": ("If the button does not work, open this link:", "如果按钮无法使用，请打开以下链接："),
    "email_link_plain": ("To confirm, open this page and press Confirm:", "如需确认，请打开以下页面并点击“确认”："),
    "email_code": ("Or type this code:", "或者输入验证码："),
    "email_code_page": ("on this page: {page}", "输入验证码的页面：{page}"),
    "email_code_plain": ("Or type the code {code} on this page:", "或者在以下页面输入验证码 {code}："),
    "email_holds": ("Link and code hold for {duration}.", "链接和验证码在 {duration}内有效。"),
    "email_confirming": (
        "If you confirm, the messages named above come to this address from then on.",
        "如果您确认，上述消息今后将发送到此邮箱。",
    ),
    "email_nothing": (
        "If you do nothing, nothing happens and no messages come.",
        "如果您不做任何操作，一切保持不变，您也不会收到任何消息。",
    ),
    "email_not_me": (
        (
            'Not you? Open the link and choose "This isn\'t me". The address is refused then, and nothing more is sent '
            "to it."
        ),
        "不是您？请打开链接并选择“不是我”。该邮箱将被拒绝，我们不会再向其发送任何内容。",
    ),
    "email_why": (
        (
            "You get this mail because somebody who looks after the message contacts of {organisation} requested it. "
            "We never ask for passwords."
        ),
        "您收到此邮件，是因为 {organisation} 的消息联系人管理员申请了此次验证。我们绝不会索要您的密码。",
    ),
    "email_below": ("English follows", "中文内容见下方"),
    "sms": (
        "{code} is your code for {organisation}. Confirm or refuse its messages: {link} Valid {duration}.",
        (
            "验证码{code}，用于确认此号码接收{organisation}的消息。"
            "确认或拒绝：{link} {duration}内有效，非本人请选“不是我”。"
        ),
    ),
    "refusal_subject": ("Refused by its owner: {target}", "已被所有者拒绝：{target}"),
    "refusal_subject_end": ("Refused by its owner", "已被所有者拒绝"),
    "refusal_heading": ('Somebody said "This isn\'t me"', "有人表示“不是我”"),
    "refusal_said": (
        'Whoever reads the messages to {target} chose "This isn\'t me" when asked to confirm.',
        "收到发往 {target} 的验证消息的人选择了“不是我”。",
    ),
    "refusal_effect": (
        "It is refused now, and nothing more is sent to it.",
        "我们已将其拒绝，不会再向其发送任何内容。",
    ),
    "notice_organisation": ("Organisation", "组织"),
    "refusal_target": ("Refused", "已拒绝"),
    "notice_what": ("What to do", "您可以这样处理"),
    "notice_typo": (
        "Look for a typo. Enter the right address or number with {action}.",
        "请检查是否输入有误，并通过 {action} 填写正确的邮箱或手机号码。",
    ),
    "refusal_lift": (
        "If the refusal was a mistake, lift it on the server and have a new message sent:",
        "如果对方是误操作，请在服务器上运行以下命令解除拒绝，然后重新发送验证消息：",
    ),
    "unreachable_subject": ("Unreachable: {target}", "无法送达：{target}"),
    "unreachable_subject_end": ("Unreachable", "无法送达"),
    "unreachable_heading": ("What was sent there came back", "发送的内容被退回"),
    "unreachable_said": (
        "A letter to {target} came back. This is what was said of it:",
        "发往 {target} 的内容被退回。退回说明：",
    ),
    "unreachable_effect": (
        (
            "No message is sent to it any more. The contact is told by its other channels, if it has any; what reaches "
            "nobody goes to the fallback."
        ),
        "我们不再向其发送消息。该联系人将通过其他渠道（如有）收到消息；无人收到的消息将发送给备用收件人。",
    ),
    "unreachable_target": ("Unreachable", "无法送达"),
    "unreachable_lift": (
        "If it can be reached again, have its owner confirm it anew, or lift this on the server:",
        "如果该邮箱或号码已恢复，请让其所有者重新验证，或在服务器上运行以下命令：",
    ),
    "untold_subject": ("Nobody told: account {target}", "无人接收：账号 {target}"),
    "untold_subject_end": ("Nobody told", "无人接收"),
    "untold_heading": ("Messages about an account reach nobody", "某账号的消息无人接收"),
    "untold_said": (
        "A message about the account {target} has reached nobody but the fallback address:",
        "关于账号 {target} 的一条消息仅送达备用收件人：",
    ),
    "untold_effect": (
        (
            "Messages of this type about the account go to the fallback address until somebody with a proven address "
            "receives them. You are told of it once a day."
        ),
        "在有已验证的联系人接收之前，该账号的此类消息将发送至备用收件人。我们每天提醒您一次。",
    ),
    "untold_target": ("Account", "账号"),
    "untold_lift": (
        "See which contacts come to the account, then bind one that receives this type, or have one proven:",
        "请查看该账号的联系人，并绑定接收此类消息的联系人，或请联系人完成验证：",
    ),
}

TEXTS: Mapping[str, Phrase] = MappingProxyType({**NAMES, **LETTERS, **PAGES})
