"""WHAT PEOPLE SEE: a report is a value first (tables of text cells), then text at a width, or files of rows.

`numbers` writes one figure with the digits its interval supports, `table` holds and draws tables,
`run_report`, `comparison_report` and `theory_report` choose what a planner is shown, `row_files`
writes the tidy rows as JSON, CSV and Parquet. Nothing here computes a figure.
"""
