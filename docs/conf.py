"""How the handbook becomes a site (``make docs``, decision 0018)."""

project = "ihk"
author = "ihk"
language = "de"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns = ["beispiele", "bilder"]

# Headings can be linked as on a code host: #wort-und-wort.
myst_heading_anchors = 3
# JSON Lines, git attributes and the like are no languages that the highlighter knows; plain text is right for them.
highlight_language = "none"

html_theme = "furo"
html_title = "Handbuch ihk"
html_static_path = ["handbuch.css"]
html_css_files = ["handbuch.css"]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_permalinks_icon = "#"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#00606b", "color-brand-content": "#00606b"},
    "dark_css_variables": {"color-brand-primary": "#6fd0da", "color-brand-content": "#6fd0da"},
}

# The reference shows broken YAML on purpose: what a rule refuses.
suppress_warnings = ["misc.highlighting_failure"]
