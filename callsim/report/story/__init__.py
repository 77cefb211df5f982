"""The story of one customer, from his first call to the end: a value first, then text, picture and JSON.

`ledger` turns a log by callers, `selecting` chooses one, `chronicle` makes `entries` of his rows, `sentences` says them
in the words of ``texts.en.toml``, `picture` draws them. Everything comes from the log; the plan gives names and
calendar.
"""

from callsim.report.story.selecting import LIKE
from callsim.report.story.telling import stories, story, story_of
from callsim.report.story.value import Story

__all__ = ["LIKE", "Story", "stories", "story", "story_of"]
