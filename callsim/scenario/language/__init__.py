"""How values are written: texts become durations, laws, rules, amounts; the kinds of value that models are made of."""
