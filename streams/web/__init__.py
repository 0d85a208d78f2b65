"""A small web page for those without dashboards: open incidents, their evidence, verdicts and silences."""
