"""States in git: what ``REV:PATH`` names, and that reading one starts and writes nothing, whatever the repository says."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from itertools import permutations
from pathlib import Path

import jsonpatch
import pytest
from builders import KOPF, MASSNAHME, geladen, schreibe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_cli import ihk
from test_vergleich import konzepte

from ihk import revisions
from ihk.export.daten import as_json, daten
from ihk.export.patch import as_text, patch
from ihk.model.load import Geladen
from ihk.problems import IhkError
from ihk.project import Projekt, alle, find_project, resolve_one
from ihk.revisions import bereich, ist_revision, teile

WURZEL = Path(__file__).parent.parent
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xcf\xc0\0\0\3\1\1\0"
    b"\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82"
)
BILD = "bilder:\n  - {id: B1, datei: bilder/platz.png, alt: Der Platz, bildnachweis: Stadt}\n"
FORT = KOPF.replace('id: "2024", art: ursprung', 'id: "2029", art: fortschreibung, vorgaenger: "2024"').replace(
    "2024}", "2029}"
)
MASSNAHME_ALLEIN = "\n".join(z[4:] for z in MASSNAHME.split("\n")[1:]).replace("- id", "id", 1)


def git(ordner: Path, *argumente: str) -> str:
    umgebung = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")} | {
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
    }  # fmt: skip
    lauf = subprocess.run(["git", *argumente], cwd=ordner, env=umgebung, capture_output=True, text=True, check=True)
    return lauf.stdout.strip()


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """Two commits: ``v1`` and ``v2``, in which a file and a folder have changed; a third state in the working tree."""
    ordner = schreibe(
        tmp_path / "stadt",
        {
            "concepts/musterstadt-ost/2024.yaml": KOPF + BILD + MASSNAHME,
            "concepts/musterstadt-ost/2029/konzept.yaml": FORT,
            "concepts/musterstadt-ost/2029/massnahmen/M01.yaml": MASSNAHME_ALLEIN,
            "concepts/musterstadt-ost/2029/kapitel/leitbild.md": "# Leitbild\n\nWohnen am Bach.\n",
        },
    )
    bilder = ordner / "concepts/musterstadt-ost/bilder"
    bilder.mkdir()
    (bilder / "platz.png").write_bytes(PNG)
    git(ordner, "init", "-q", "-b", "haupt")
    git(ordner, "add", "-A")
    git(ordner, "commit", "-q", "-m", "eins")
    git(ordner, "tag", "v1")
    schreibe(
        ordner,
        {
            "concepts/musterstadt-ost/2024.yaml": (KOPF + BILD + MASSNAHME).replace("geplant", "beantragt"),
            "concepts/musterstadt-ost/2029/massnahmen/M01.yaml": MASSNAHME_ALLEIN.replace("geplant", "bewilligt"),
        },
    )
    git(ordner, "add", "-A")
    git(ordner, "commit", "-q", "-m", "zwei")
    git(ordner, "tag", "-a", "v2", "-m", "zwei")
    schreibe(
        ordner,
        {"concepts/musterstadt-ost/2024.yaml": (KOPF + BILD + MASSNAHME).replace("geplant", "in_umsetzung")},
    )
    return ordner


# --------------------------------------------------------------------------- what can be named


@pytest.mark.parametrize(
    ("alt", "neu", "woerter"),
    [
        ("HEAD~1:concepts/musterstadt-ost/2024.yaml", "concepts/musterstadt-ost/2024.yaml", "geplant → in Umsetzung"),
        ("v1:concepts/musterstadt-ost/2024.yaml", "v2:concepts/musterstadt-ost/2024.yaml", "geplant → beantragt"),
        ("v1:concepts/musterstadt-ost/2029", "haupt:concepts/musterstadt-ost/2029", "geplant → bewilligt"),
        ("v1:concepts/musterstadt-ost/2029/konzept.yaml", "v2^0:musterstadt-ost@2029", "geplant → bewilligt"),
        ("v1:musterstadt-ost@2024", "musterstadt-ost@2024", "geplant → in Umsetzung"),
        ("v1..v2", "concepts/musterstadt-ost/2024.yaml", "geplant → beantragt"),
        ("v1..", "musterstadt-ost", "geplant → bewilligt"),
    ],
)
def test_zwei_staende(repo: Path, alt: str, neu: str, woerter: str) -> None:
    lauf = ihk("diff", alt, neu, cwd=repo)
    assert (lauf.returncode, lauf.stderr) == (0, "")
    assert woerter in lauf.stdout


def test_pfade_auch_ab_dem_ordner_in_dem_man_steht(repo: Path) -> None:
    hier = repo / "concepts/musterstadt-ost"
    for pfad in ("2024.yaml", "./2024.yaml", "../musterstadt-ost/2024.yaml", "concepts/musterstadt-ost/2024.yaml"):
        assert "geplant → in Umsetzung" in ihk("diff", f"v1:{pfad}", "2024.yaml", cwd=hier).stdout


def test_projekt_in_einem_unterordner_des_repositoriums(tmp_path: Path) -> None:
    stadt = schreibe(tmp_path / "alles/stadt", {"concepts/musterstadt-ost/2024.yaml": KOPF + MASSNAHME})
    git(tmp_path / "alles", "init", "-q")
    git(tmp_path / "alles", "add", "-A")
    git(tmp_path / "alles", "commit", "-q", "-m", "eins")
    for was in ("HEAD:musterstadt-ost@2024", "HEAD:concepts/musterstadt-ost/2024.yaml", "HEAD:."):
        assert ihk("check", was, cwd=stadt).returncode == 0, was
        assert ihk("--project", str(stadt), "check", was, cwd=tmp_path).returncode == 0, was


def test_befunde_nennen_stand_und_pfad(repo: Path) -> None:
    datei = repo / "concepts/musterstadt-ost/2024.yaml"
    datei.write_text(datei.read_text(encoding="utf-8").replace("90.000 €", "90.50"), encoding="utf-8")
    git(repo, "commit", "-q", "-am", "drei")
    lauf = ihk("check", "HEAD:concepts/musterstadt-ost/2024.yaml", cwd=repo)
    assert lauf.returncode == 1
    assert lauf.stdout.startswith("HEAD:concepts/musterstadt-ost/2024.yaml:20:15  WERT-GELD  ")
    lauf = ihk("diff", "v1:musterstadt-ost@2024", "HEAD:musterstadt-ost@2024", cwd=repo)
    assert lauf.returncode == 2
    assert "HEAD:concepts/musterstadt-ost/2024.yaml:20:15" in lauf.stderr


def test_der_vorgaenger_stammt_aus_demselben_stand(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    projekt = Projekt(repo)
    monkeypatch.chdir(repo)
    vorher = resolve_one("v1:concepts/musterstadt-ost/2029", projekt).vorgaenger()
    assert vorher is not None
    assert vorher.geladen.fassung.massnahmen[0].status == "geplant"
    assert resolve_one("v1:concepts/musterstadt-ost/2029", projekt).name == "musterstadt-ost@2029"


def test_bilder_und_siegel_gehoeren_zum_stand(repo: Path) -> None:
    beschlossen = (KOPF + BILD + MASSNAHME).replace(
        "status: entwurf",
        "status: beschlossen, beratungsfolge: [{gremium: Rat, rolle: entscheidung, datum: 01.07.2024, vorlage: 1/24}]",
    )
    schreibe(repo, {"concepts/musterstadt-ost/2024.yaml": beschlossen})
    assert ihk("seal", "musterstadt-ost@2024", cwd=repo).returncode == 0
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "versiegelt")
    (repo / "concepts/musterstadt-ost/bilder/platz.png").unlink()
    assert "BILD-DATEI" in ihk("check", "musterstadt-ost@2024", cwd=repo).stdout
    lauf = ihk("check", "HEAD:musterstadt-ost@2024", cwd=repo)
    assert (lauf.returncode, lauf.stdout) == (0, "")
    schreibe(repo, {"concepts/musterstadt-ost/2024.yaml": beschlossen.replace("Quartiersplatz", "Platz")})
    git(repo, "commit", "-q", "-am", "gebrochen")
    lauf = ihk("check", "HEAD:musterstadt-ost@2024", cwd=repo)
    assert lauf.returncode == 1
    assert lauf.stdout.startswith("HEAD:concepts/musterstadt-ost/2024.yaml:1:1  SIEGEL-GEBROCHEN")


def test_export_aus_einem_stand(repo: Path) -> None:
    lauf = ihk("export", "v1:musterstadt-ost@2024", cwd=repo)
    assert lauf.returncode == 0
    assert json.loads(lauf.stdout)["massnahmen"][0]["status"] == "geplant"


def test_sha256_archiv_und_verknuepfter_arbeitsordner(tmp_path: Path) -> None:
    ordner = schreibe(tmp_path / "a", {"concepts/k/2024.yaml": KOPF.replace("musterstadt-ost", "k") + MASSNAHME})
    git(ordner, "init", "-q", "--object-format=sha256")
    git(ordner, "add", "-A")
    git(ordner, "commit", "-q", "-m", "eins")
    assert ihk("check", "HEAD:k@2024", cwd=ordner).returncode == 0
    git(ordner, "worktree", "add", "-q", str(tmp_path / "b"))
    assert ihk("check", "b:k@2024", cwd=tmp_path / "b").returncode == 0
    git(ordner, "gc", "-q")
    assert ihk("check", "HEAD:k@2024", cwd=ordner).returncode == 0


def test_eine_datei_mit_doppelpunkt_gewinnt(repo: Path) -> None:
    (repo / "v1:x.yaml").write_text(KOPF + MASSNAHME, encoding="utf-8")
    lauf = ihk("check", "v1:x.yaml", cwd=repo)
    assert lauf.returncode == 0
    (repo / "v1..v2").write_text((KOPF + MASSNAHME).replace("geplant", "idee"), encoding="utf-8")
    assert "Idee → geplant" in ihk("diff", "v1..v2", "v1:x.yaml", cwd=repo).stdout


# --------------------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    ("argumente", "worte"),
    [
        (["check", "v9:concepts/musterstadt-ost/2024.yaml"], "Einen Stand „v9“ gibt es im Git nicht"),
        (["check", "HEAD~99:concepts/musterstadt-ost/2024.yaml"], "HEAD~99"),
        (["check", "v1:concepts/musterstadt-ost/2099.yaml"], "Im Stand „v1“ gibt es „concepts/musterstadt-ost/2099.yaml“"),
        (["check", "v1:musterstadt-ost@2099"], "Vorhanden: 2024, 2029"),
        (["check", "v1:../../x.yaml"], "Im Stand „v1“ gibt es"),
        (["check", "C:\\plan\\2024.yaml"], "weder ein Konzept noch eine Datei noch ein Stand"),
        (["diff", "v1..v2"], "Nach „v1..v2“ fehlt der Pfad"),
        (["diff", "v1...v2", "musterstadt-ost"], "weder ein Konzept noch eine Datei"),
        (["diff", "v1..v2", "v1:musterstadt-ost"], "gibt es „v1:musterstadt-ost“ nicht"),
        (["diff", "v1:musterstadt-ost", "v2:musterstadt-ost", "--format", "json-patch", "--weight", "einfach"], "--weight"),
    ],
)  # fmt: skip
def test_was_es_nicht_gibt_endet_mit_2_und_einem_satz(repo: Path, argumente: list[str], worte: str) -> None:
    lauf = ihk(*argumente, cwd=repo)
    assert lauf.returncode == 2
    assert worte in lauf.stderr
    assert "Traceback" not in lauf.stderr
    assert lauf.stdout == ""


def test_kein_repositorium_und_kein_git(tmp_path: Path, repo: Path) -> None:
    leer = tmp_path / "leer"
    leer.mkdir()
    lauf = ihk("check", "HEAD:x.yaml", cwd=leer)
    assert lauf.returncode == 2
    assert "liegt in keinem Git-Repositorium" in lauf.stderr
    lauf = ihk("check", "HEAD:musterstadt-ost@2024", cwd=repo, PATH=str(leer))
    assert lauf.returncode == 2
    assert "git installieren" in lauf.stderr


def test_git_eines_fremden_ordners_wird_nie_gestartet(repo: Path, tmp_path: Path) -> None:
    """A relative entry in PATH would start whatever a repository calls ``git``."""
    falle = repo / "git"
    falle.write_text(f"#!/bin/sh\ntouch {tmp_path}/marke\n")
    falle.chmod(falle.stat().st_mode | stat.S_IXUSR)
    lauf = ihk("check", "v1:musterstadt-ost@2024", cwd=repo, PATH=f".:{os.environ['PATH']}")
    assert lauf.returncode == 0
    assert not (tmp_path / "marke").exists()


def test_zu_grosse_dateien(repo: Path) -> None:
    (repo / "concepts/musterstadt-ost/2024.yaml").write_bytes(b"#" * (20 * 1024 * 1024 + 1))
    git(repo, "commit", "-q", "-am", "gross")
    lauf = ihk("check", "HEAD:concepts/musterstadt-ost/2024.yaml", cwd=repo)
    assert lauf.returncode == 2
    assert "größer als 20 MB" in lauf.stderr


def test_verweise_im_baum_werden_nicht_verfolgt(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "geheim.yaml").write_text(KOPF, encoding="utf-8")
    (repo / "concepts/musterstadt-ost/2031.yaml").symlink_to(tmp_path / "geheim.yaml")
    (repo / "concepts/musterstadt-ost/2029/massnahmen/M02.yaml").symlink_to(tmp_path / "geheim.yaml")
    (repo / "concepts/anders").symlink_to("musterstadt-ost")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "Verweise")
    for was in ("2031.yaml", "2029", "../anders/2024.yaml"):
        lauf = ihk("check", f"HEAD:./concepts/musterstadt-ost/{was}", cwd=repo)
        assert lauf.returncode == 2, was
        assert "Verweis" in lauf.stderr


def test_geliehene_objekte_werden_nicht_gelesen(repo: Path, tmp_path: Path) -> None:
    """A repository that borrows its objects from another folder could show what lies there."""
    git(tmp_path, "clone", "-q", "--shared", str(repo), "geliehen")
    lauf = ihk("check", "HEAD:musterstadt-ost@2024", cwd=tmp_path / "geliehen")
    assert lauf.returncode == 2
    assert "alternates" in lauf.stderr


# --------------------------------------------------------------------------- hostile names and repositories

FEINDLICH = [
    "--output=x", "-c", "--upload-pack=touch marke", "--exec=x", "-", "--", "-p", "--no-index", "--git-dir=/tmp",
    ":/eins", "HEAD^{/eins}", "HEAD@{0}", "@{u}", "$(touch marke)", "`touch marke`", "a;touch marke", "a|b", "a\nb",
    "a\0b", "HEAD..v1", "v1 --output=x", "../v1", "/etc/passwd", "\x1b[31m", "", " ", "a b", "x" * 500, "v1^!", "^v1",
    "v1:v1", "stash@{1}", "HEAD~9999999", "refs/heads/../../x", "--end-of-options", "v1^{commit}",
]  # fmt: skip


@pytest.mark.parametrize("name", FEINDLICH)
def test_feindliche_namen_sind_keine_optionen(repo: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(repo)
    vorher = sorted(p.name for p in repo.rglob("*"))
    with pytest.raises((IhkError, ValueError)):
        resolve_one(f"{name}:concepts/musterstadt-ost/2024.yaml", None)
    with pytest.raises(IhkError):
        revisions.Repositorium.um(repo).kennung(name)
    if "\0" not in name:
        lauf = ihk("diff", "--", f"{name}:musterstadt-ost@2024", "musterstadt-ost@2024", cwd=repo)
        assert lauf.returncode == 2
        assert "Traceback" not in lauf.stderr
    assert sorted(p.name for p in repo.rglob("*")) == vorher


@settings(max_examples=300)
@given(st.text(max_size=30))
def test_kein_name_beginnt_wie_eine_option(name: str) -> None:
    if ist_revision(name):
        assert not name.startswith(("-", ":", "/", "."))
        assert not set(name) & set(" \n\0{}*?[\\:@")
        assert ".." not in name
    assert teile(name) is None or ist_revision(name.partition(":")[0])
    assert bereich(name) is None or all(ist_revision(e) for e in bereich(name) or ())


def _feindlich(repo: Path, marke: Path) -> None:
    """Everything that git can be told to start, in the configuration and the hooks of one repository."""
    falle = repo / "falle.sh"
    falle.write_text(f'#!/bin/sh\necho "$0 $@" >> {marke}\ncat\n')
    falle.chmod(0o755)
    for name in (
        "core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.gitProxy", "core.askPass", "diff.external",
        "diff.boese.textconv", "diff.boese.command", "merge.boese.driver", "filter.boese.smudge", "filter.boese.clean",
        "filter.boese.process", "credential.helper", "uploadpack.packObjectsHook", "gpg.program", "pager.rev-parse",
        "pager.cat-file", "alias.rev-parse", "alias.cat-file", "interactive.diffFilter", "sequence.editor",
        "core.alternateRefsCommand", "remote.origin.uploadpack", "remote.origin.vcs",
    ):  # fmt: skip
        git(repo, "config", name, f"!{falle}" if name.startswith("alias") else str(falle))
    git(repo, "config", "core.hooksPath", str(repo / "haken"))
    for ordner in (repo / "haken", repo / ".git/hooks"):
        ordner.mkdir(exist_ok=True)
        for haken in (
            "post-index-change",
            "reference-transaction",
            "pre-auto-gc",
            "fsmonitor-watchman",
            "post-checkout",
        ):
            shutil.copy(falle, ordner / haken)
    git(repo, "config", "remote.origin.url", f"ext::{falle}")
    git(repo, "config", "remote.origin.promisor", "true")
    git(repo, "config", "extensions.partialClone", "origin")
    git(repo, "config", "core.repositoryFormatVersion", "1")
    git(repo, "config", "protocol.ext.allow", "always")
    git(repo, "config", "include.path", str(repo / "mehr.cfg"))
    (repo / "mehr.cfg").write_text(f"[core]\n\tfsmonitor = {falle}\n[trace2]\n\teventTarget = {marke}\n")
    (repo / ".gitattributes").write_text("*.yaml diff=boese merge=boese filter=boese\n")


def _abdruck(ordner: Path) -> dict[str, tuple[int, bytes]]:
    return {str(p): (p.stat().st_mtime_ns, p.read_bytes()) for p in sorted(ordner.rglob("*")) if p.is_file()}


def _befehle(repo: Path) -> list[subprocess.CompletedProcess[str]]:
    return [
        ihk("diff", "v1:musterstadt-ost@2024", "concepts/musterstadt-ost/2024.yaml", cwd=repo),
        ihk("diff", "v1..v2", "concepts/musterstadt-ost/2029", cwd=repo),
        ihk("check", "HEAD~1:concepts/musterstadt-ost", cwd=repo),
        ihk("export", "HEAD:musterstadt-ost@2029", cwd=repo),
    ]


def test_ein_feindliches_repositorium_startet_und_schreibt_nichts(repo: Path, tmp_path: Path) -> None:
    marke = tmp_path / "marke"
    _feindlich(repo, marke)
    vorher = _abdruck(repo)
    for lauf in _befehle(repo):
        assert lauf.returncode == 0, lauf.stderr
    assert not marke.exists()
    assert _abdruck(repo) == vorher


def test_fehlende_objekte_werden_nicht_geholt(repo: Path, tmp_path: Path) -> None:
    """In a partial clone git itself would start a transfer program for a missing object."""
    marke = tmp_path / "marke"
    _feindlich(repo, marke)
    blob = git(repo, "-c", "core.fsmonitor=false", "rev-parse", "v1:concepts/musterstadt-ost/2024.yaml")
    datei = repo / ".git/objects" / blob[:2] / blob[2:]
    datei.chmod(0o600)
    datei.unlink()
    lauf = ihk("check", "v1:musterstadt-ost@2024", cwd=repo)
    assert lauf.returncode == 2
    assert "unvollständigen Kopie" in lauf.stderr
    commit = git(repo, "-c", "core.fsmonitor=false", "rev-parse", "v1^{commit}")
    (repo / ".git/objects" / commit[:2] / commit[2:]).unlink()
    assert ihk("check", "v1:musterstadt-ost@2024", cwd=repo).returncode == 2
    assert ihk("check", "v1~1:musterstadt-ost@2024", cwd=repo).returncode == 2
    assert not marke.exists()


def test_die_falle_schnappt_bei_git_selbst_zu(repo: Path, tmp_path: Path) -> None:
    """The counter-proof: git's own commands do start what this repository sets."""
    marke = tmp_path / "marke"
    _feindlich(repo, marke)
    subprocess.run(["git", "diff"], cwd=repo, capture_output=True, check=False)
    assert marke.exists()


def test_umgebung_steuert_git_nicht(repo: Path, tmp_path: Path) -> None:
    anderes = tmp_path / "anderes"
    anderes.mkdir()
    git(anderes, "init", "-q")
    lauf = ihk(
        "check", "v1:musterstadt-ost@2024", cwd=repo,
        GIT_DIR=str(anderes / ".git"), GIT_EXTERNAL_DIFF="false", GIT_TRACE=str(tmp_path / "spur"), GIT_CONFIG_COUNT="1",
        GIT_CONFIG_KEY_0="core.fsmonitor", GIT_CONFIG_VALUE_0=f"touch {tmp_path}/spur",
    )  # fmt: skip
    assert lauf.returncode == 0
    assert not (tmp_path / "spur").exists()


@pytest.mark.parametrize("name", ["..", "a/../../b", ".git", "a\\b"])
def test_namen_im_baum_fuehren_nicht_hinaus(repo: Path, name: str) -> None:
    """A tree object may hold any bytes as a name; git's own commands refuse to make such a one."""
    import hashlib
    import zlib

    def objekt(art: bytes, inhalt: bytes) -> str:
        roh = art + b" " + str(len(inhalt)).encode() + b"\0" + inhalt
        summe = hashlib.sha1(roh).hexdigest()
        ziel = repo / ".git/objects" / summe[:2] / summe[2:]
        ziel.parent.mkdir(exist_ok=True)
        if not ziel.exists():
            ziel.write_bytes(zlib.compress(roh))
        return summe

    blob = objekt(b"blob", (KOPF + MASSNAHME).encode())
    innen = objekt(b"tree", b"100644 " + f"{name}.yaml".encode() + b"\0" + bytes.fromhex(blob))
    konzept = objekt(b"tree", b"40000 " + name.encode() + b"\0" + bytes.fromhex(innen))
    oben = objekt(b"tree", b"40000 concepts\0" + bytes.fromhex(konzept))
    commit = objekt(b"commit", f"tree {oben}\nauthor a <a> 0 +0000\ncommitter a <a> 0 +0000\n\nx\n".encode())
    vorher = sorted(repo.parent.rglob("*"))
    lauf = ihk("check", f"{commit}:.", cwd=repo)
    assert lauf.returncode == 2
    assert "Traceback" not in lauf.stderr
    assert sorted(repo.parent.rglob("*")) == vorher


# --------------------------------------------------------------------------- RFC 6902


def _gilt(alt: dict[str, object], neu: dict[str, object]) -> list[dict[str, object]]:
    alt, neu = json.loads(as_json(alt)), json.loads(as_json(neu))
    schritte = json.loads(as_text(patch(alt, neu)))
    assert as_json(_sortiert(jsonpatch.apply_patch(alt, schritte))) == as_json(_sortiert(neu))
    assert not (alt == neu and schritte)
    return schritte


def test_patch_aller_paare_der_konzepte() -> None:
    projekt = find_project(WURZEL)
    assert projekt is not None
    versionen = [v.geladen for v in alle(projekt)]
    assert len(versionen) >= 6
    for a, b in permutations(versionen, 2):
        _gilt(daten(a), daten(b))


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(konzepte(), konzepte())
def test_patch_erzeugter_paare(a: Geladen, b: Geladen) -> None:
    _gilt(daten(a), daten(b))


WERTE = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "a", "b/~"]),
    lambda kind: (
        st.lists(kind, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "b", "id", "/", "~0"]), kind, max_size=4)
        | st.lists(st.sampled_from("ABCDE"), unique=True).map(lambda ids: [{"id": i, "n": i} for i in ids])
    ),
    max_leaves=12,
)


@settings(max_examples=800)
@given(st.dictionaries(st.sampled_from("abc"), WERTE), st.dictionaries(st.sampled_from("abc"), WERTE))
def test_patch_beliebiger_werte(a: dict[str, object], b: dict[str, object]) -> None:
    schritte = patch(a, b)
    assert as_json({"x": _sortiert(jsonpatch.apply_patch(a, schritte))}) == as_json({"x": _sortiert(b)})


def _sortiert(wert: object) -> object:
    """Keys in order, so that the text tells True from 1 and lists keep theirs."""
    if isinstance(wert, dict):
        return {k: _sortiert(wert[k]) for k in sorted(wert)}
    return [_sortiert(w) for w in wert] if isinstance(wert, list) else wert


def test_patch_ist_klein() -> None:
    mehr = "".join(f"  - {{id: M{n:02}, titel: Nr {n}, teilziele: [T1], status: idee}}\n" for n in range(2, 12))
    alt = KOPF + MASSNAHME + mehr
    neu = alt.replace("massnahmen:\n", "massnahmen:\n  - {id: N1, titel: Neu, teilziele: [T1], status: idee}\n")
    schritte = _gilt(daten(geladen(alt)), daten(geladen(neu)))
    assert next(s for s in schritte if s["op"] == "add")["path"] == "/massnahmen/0"
    assert all(s["path"].endswith(("/nummer", "/sha256")) or s["op"] == "add" for s in schritte)
    zeilen = alt.splitlines(keepends=True)
    umgestellt = "".join([*zeilen[:-4], zeilen[-1], *zeilen[-4:-1]])
    schritte = _gilt(daten(geladen(alt)), daten(geladen(umgestellt)))
    assert [(s["op"], s["from"], s["path"]) for s in schritte if s["op"] == "move"] == [
        ("move", "/massnahmen/10", "/massnahmen/7")
    ]


def test_patch_auf_der_kommandozeile(repo: Path) -> None:
    lauf = ihk("diff", "v1:musterstadt-ost@2024", "v2:musterstadt-ost@2024", "--format", "json-patch", cwd=repo)
    assert lauf.returncode == 0
    alt, neu = (json.loads(ihk("export", f"{v}:musterstadt-ost@2024", cwd=repo).stdout) for v in ("v1", "v2"))
    assert jsonpatch.apply_patch(alt, json.loads(lauf.stdout)) == neu
    gleich = ihk("diff", "v1:musterstadt-ost@2024", "v1:musterstadt-ost@2024", "--format", "json-patch", cwd=repo)
    assert gleich.stdout == "[]\n"
