"""From the model to HTML: view objects with everything formatted, one Jinja environment, one palette."""
