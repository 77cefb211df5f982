"""THE REPORT TO MAIL: one HTML file that carries everything and asks the network for nothing.

`page` makes the value (`value`): the answer in two sentences (`answer`), tables whose cells know their definition
and interval (`cells`, `tables`), where everything comes from (`origin`). `render` fills the template with it; the
template decides nothing and computes nothing. All words are in ``callsim/report/texts.en.toml``.
"""

from callsim.report.html.attribution import attribution_html, write_attribution_html
from callsim.report.html.page import splits
from callsim.report.html.render import html_text, write_html

__all__ = ["attribution_html", "html_text", "splits", "write_attribution_html", "write_html"]
