"""From a scenario to a plan: calendars become ticks, shifts become duties, texts become tables."""
