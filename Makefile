# Every target that needs the environment sets it up first; nothing has to be called in a certain order.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
export PYTHON

.PHONY: help einrichten build test lint validate bench docs nachschlagen bilder lock clean

help: ## diese Übersicht
	@echo 'Aufruf: make ZIEL'
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

# Not a file target: the script compares contents instead of times, which a fresh checkout or a moved folder upsets.
einrichten: ## Umgebung .venv anlegen, falls sie fehlt oder nicht mehr passt
	@sh scripts/einrichten.sh

build: einrichten ## alle Berichte aus concepts/ nach build/ erzeugen
	.venv/bin/ihk build --report all

test: einrichten ## alle Tests ausführen
	.venv/bin/python -m pytest

lint: einrichten ## Stil, Formatierung und Typen prüfen
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

# Slow and with tools from elsewhere, therefore not part of the tests. The awkward concept is built into build/.sperrig, PDFs with
# every hostile string into build/.feindlich.
validate: build ## PDFs, Webseiten, Arbeitsmappen, Schema und Systemaufrufe mit den maßgeblichen Programmen prüfen (holt Java, Chromium, Node, LibreOffice, strace)
	PYTHONPATH=tests .venv/bin/python tests/sperrig.py build/.sperrig
	PYTHONPATH=tests .venv/bin/python tests/feindlich.py build/.feindlich
	IHK_FEINDLICH=alle .venv/bin/python -m pytest -q --dist worksteal tests/test_feindlich.py
	@sh scripts/validate-aufrufe.sh
	@sh scripts/validate-editor.sh
	@sh scripts/validate-pdf.sh build
	@sh scripts/validate-web.sh build
	@sh scripts/validate-tabellen.sh
	.venv/bin/python tests/abkuerzungen.py vergleiche
	.venv/bin/python -m pytest tests/test_gesetze.py --gesetze 100000

bench: ## alles messen, auch neben WeasyPrint, Typst, Chromium und anderen, und docs/leistung.md neu schreiben (ruhige Maschine, eine Dreiviertelstunde)
	@sh scripts/einrichten.sh bench
	.venv/bin/python benchmarks/alles.py

docs: einrichten ## das Handbuch als Webseite nach docs-site/ schreiben; Warnungen und tote Verweise sind Fehler
	.venv/bin/python scripts/nachschlagen.py --check
	@sh scripts/einrichten.sh docs
	rm -rf docs-site
	.venv-docs/bin/python -m sphinx -W --keep-going -n -q -j auto -b html -d .venv-docs/doctrees docs docs-site
	.venv/bin/python scripts/handbuch.py docs-site

nachschlagen: einrichten ## die Seiten zum Nachschlagen im Handbuch aus dem Programm neu schreiben
	.venv/bin/python scripts/nachschlagen.py

bilder: einrichten ## die Bilder im Handbuch neu machen (braucht Chromium und Poppler)
	.venv/bin/python scripts/bilder.py

lock: ## requirements/lock.txt und die anderen Locks mit den neuesten erlaubten Versionen neu schreiben
	@sh scripts/einrichten.sh lock

clean: ## Umgebung, Zwischenspeicher und Erzeugtes löschen
	rm -rf .venv .venv-docs .venv-bench docs-site dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov
	find . -name .git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -maxdepth 1 -name '*.egg-info' -exec rm -rf {} +
	find build -mindepth 1 ! -name .gitignore -delete
