"""The balanced scorecard: money on both sides, customers by the worst that happened, processes in sigma, learning.

`ledger` keeps the books of one replication from its log, `customers`, `worst` and `processes` find what goes into them,
`figures` declares what is made of them, `lines` estimates it, `one_more` makes the plan with one more agent.
"""

from callsim.experiments.scorecard.find import Findings, find
from callsim.experiments.scorecard.ledger import Ledger, keep_books
from callsim.experiments.scorecard.lines import ONE_MORE, Line
from callsim.experiments.scorecard.missing import Missing

__all__ = ["ONE_MORE", "Findings", "Ledger", "Line", "Missing", "find", "keep_books"]
