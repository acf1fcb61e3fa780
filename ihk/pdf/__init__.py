"""From HTML to PDF: the only room that knows WeasyPrint."""
