"""WebSub: a publisher's hub says "something is new", and the next poll comes forward.

::

    FeedState.memory (hub, topic) + web.public_url
         │ wishes (pure)
         ▼
    Subscription ── course (pure): (subscription, event, now) → subscription, actions, reason
         ▲                                     │
         │ events                              ├─ Ask       ─▶ hub (edge: POST, guarded way out)
    listener (edge: aiohttp.web)               ├─ MovePoll  ─▶ store
      ▲ callback (pure): which request is it   └─ Confirm   ─▶ the challenge goes back
      └ signature (pure): HMAC of the body
    subscriber (shell): the duty, and what joins the above

A ping is a hint and never a source: its body is only checked and thrown away, and polling goes on
as ever beside it. Source: W3C Recommendation "WebSub", 23 January 2018 (w3.org/TR/websub).
docs/websub.md is the manual.
"""
