"""What Slack's error words mean, for webhooks and for the Web API.

Sources: docs.slack.dev, chat.postMessage and chat.update, "Errors"; the list of webhook errors of
2016-05-17 (all read November 2026). Of ``internal_error`` and ``fatal_error`` Slack says that part
of the work may have been done, so these two are uncertain.
"""

import re
from typing import Final

from notifiers import (
    NotifyError,
    PauseNotifyError,
    PermanentNotifyError,
    TemporaryNotifyError,
    UncertainNotifyError,
)

TRY_PLAIN: Final = (
    "invalid_blocks",
    "invalid_payload",
    "invalid_attachments",
    "no_text",
    "msg_blocks_too_long",
    "msg_too_long",
)
TRY_OUTSIDE_THE_THREAD: Final = frozenset(
    {
        "thread_not_found",
        "cannot_reply_to_message",
        "message_not_found",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
    }
)
_LATER: Final = frozenset(
    {
        "rate_limited",
        "ratelimited",
        "message_limit_exceeded",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
        "accesslimited",
    }
)
_UNCERTAIN: Final = frozenset({"internal_error", "fatal_error"})
_NEW_HOOK: Final = "make a new webhook in Slack"
_MEND_TOKEN: Final = "put the app's present bot token (xoxb-…) into the config"  # noqa: S105  # a sentence
_MENDS: Final = {
    "action_prohibited": "the workspace forbids this webhook to post; ask its administrator",
    "posting_to_general_channel_denied": "only administrators may post to that channel",
    "invalid_token": "the webhook address is wrong or was revoked; make a new one in Slack",
    "channel_not_found": "the channel was deleted, or the app cannot see it; invite the app to the"
    " channel, or make a new webhook for another one",
    "no_active_hooks": "the webhook was removed or disabled; make a new one in Slack",
    "no_team": "the workspace is gone; make a new webhook in another one",
    "team_disabled": "the workspace is disabled",
    "channel_is_archived": "the channel is archived; unarchive it or make a new webhook",
    "is_archived": "the channel is archived; unarchive it or name another one",
    "user_not_found": f"the user that the webhook posts to is gone; {_NEW_HOOK}",
    "not_in_channel": "the app is not in the channel; invite it there: /invite @the-app",
    "invalid_auth": f"the token is wrong; {_MEND_TOKEN}",
    "not_authed": f"no token arrived; {_MEND_TOKEN}",
    "account_inactive": f"the token's user or workspace was removed; {_MEND_TOKEN}",
    "token_revoked": f"the token was revoked; {_MEND_TOKEN}",
    "token_expired": f"the token has expired; {_MEND_TOKEN}",
    "not_allowed_token_type": f"this kind of token cannot post; {_MEND_TOKEN}",
    "missing_scope": "the app lacks the scope chat:write; add it and install the app again",
    "no_permission": "the token's owner may not post there; ask the workspace's administrator",
    "access_denied": "the token may not post there; ask the workspace's administrator",
    "ekm_access_denied": "administrators have suspended posting",
    "restricted_action": "a rule of the workspace forbids the app to post; ask its administrator",
    "restricted_action_read_only_channel": "the channel is read-only; name another one",
    "restricted_action_non_threadable_channel": "the channel takes no replies; name another one",
}
_OF_ONE_MESSAGE: Final = {
    "message_not_found": "the first message of the story was deleted",
    "cant_update_message": "the first message of the story belongs to another app",
    "edit_window_closed": "the workspace no longer allows to edit the story's first message",
}
_REASON: Final = r"[a-z_]{1,60}"


def refusal(status: int, reason: str, wait: float | None = None) -> NotifyError:
    """The error for a refusal of Slack; ``wait`` is its Retry-After in seconds, if it gave one."""
    word = reason.split()[0] if reason.split() else ""
    if word == "no_service":  # comes under load too, then the same webhook works again
        return TemporaryNotifyError(
            "Slack answered no_service; if it stays, the webhook was disabled: make a new one"
        )
    if word in _LATER:
        return TemporaryNotifyError(f"Slack answered {word}", wait)
    if word in _UNCERTAIN:
        return UncertainNotifyError(f"Slack answered {word}: the message may have been posted")
    if word in _MENDS:  # whoever sends, whatever it is: no message can arrive
        return PauseNotifyError(f"Slack refused ({word}): {_MENDS[word]}")
    if word in _OF_ONE_MESSAGE:
        return PermanentNotifyError(f"Slack refused ({word}): {_OF_ONE_MESSAGE[word]}")
    return PermanentNotifyError(f"Slack answered {status}: {shown(reason)}")


def shown(answer: str) -> str:
    """Slack's reason if it is a word of Slack's kind; anything else might echo the address."""
    if not answer.strip():
        return "without a reason"
    return answer if re.fullmatch(_REASON, answer) else "with something unknown"
