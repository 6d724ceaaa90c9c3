"""What canaries say, and what the administrator is told of them, in English and Chinese."""
# ruff: noqa: RUF001 (the full-width signs are Chinese punctuation)

from collections.abc import Mapping

from callboard.delivery.letter import Content
from callboard.verification.texts import LANGUAGES, Phrase

PHRASES: Mapping[str, Phrase] = {
    "canary_subject": ("Canary", "探测"),
    "canary": (
        "By this letter Callboard sees whether letters arrive. Nobody need read it.",
        "Callboard 通过此内容检测投递是否正常，无需阅读。",
    ),
    "down_subject": ("Letters by {channel} do not arrive", "通过 {channel} 发送的内容未能送达"),
    "down": (
        (
            "No canary by {channel} was seen again within {seconds} seconds. The provider may take letters all the "
            "same. See to it: until then people are not reached by {channel}."
        ),
        (
            "通过 {channel} 发送的探测内容在 {seconds} 秒内未被收到，尽管服务商可能已接受。请尽快处理：在此之前，"
            "通过 {channel} 无法通知到相关人员。"
        ),
    ),
    "up_subject": ("Letters by {channel} arrive again", "通过 {channel} 发送的内容已恢复送达"),
    "up": ("A canary by {channel} was seen again.", "已再次收到通过 {channel} 发送的探测内容。"),
}


def written(key: str, language: str, **values: object) -> Content:
    """A letter in the site's language, or in both."""
    chosen = [number for number, each in enumerate(LANGUAGES) if language in (each, "both")]
    subject, text = ([PHRASES[each][number].format(**values) for number in chosen] for each in (f"{key}_subject", key))
    return Content("\n\n".join(text) + "\n", subject=" / ".join(subject))
