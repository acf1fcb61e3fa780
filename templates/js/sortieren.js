// Sorting by a column, inside each group: heads of groups, sums and rows without amounts keep their place.
const vergleich = new Intl.Collator('de', {numeric: true}).compare;

const schluessel = (zeile, spalte) => {
  const zelle = zeile.cells[spalte];
  if (zelle.classList.contains('unbekannt')) return null;
  return zelle.dataset.wert === undefined ? zelle.textContent.trim() : Number(zelle.dataset.wert);
};

const ordnung = (spalte, richtung) => (a, b) => {
  const [x, y] = [schluessel(a, spalte), schluessel(b, spalte)];
  if (x === null || y === null) return (x === null) - (y === null);
  return richtung * (typeof x === 'number' && typeof y === 'number' ? x - y : vergleich(x, y));
};

const sortierbar = (tabelle) => {
  const koepfe = [...tabelle.tHead.rows[0].cells];
  const gruppen = [...tabelle.tBodies].map((rumpf) => {
    const zeilen = [...rumpf.rows];
    return {rumpf, zeilen, frei: zeilen.filter((z) => z.cells.length === koepfe.length && !z.matches('.summe, .gesamt'))};
  }).filter(({frei}) => frei.length > 1);
  if (!gruppen.length) return;

  const leiste = neu('div', 'sortierung', '');
  const hinweis = 'Ein Klick auf einen Spaltenkopf sortiert die Tabelle.';
  const auskunft = neu('p', '', hinweis);
  const zurueck = neu('button', '', 'Reihenfolge des Berichts');
  auskunft.setAttribute('role', 'status');
  zurueck.type = 'button';
  zurueck.hidden = true;
  leiste.append(auskunft, zurueck);
  tabelle.parentElement.before(leiste);

  // Rows that cannot be compared end the group, in front of its sum.
  const reihe = ({zeilen, frei}, sortiert) => {
    const fest = zeilen.filter((z) => !frei.includes(z));
    const vorne = fest.filter((z) => z.matches('.gruppe'));
    const hinten = fest.filter((z) => z.matches('.summe, .gesamt'));
    return [...vorne, ...sortiert, ...fest.filter((z) => !vorne.includes(z) && !hinten.includes(z)), ...hinten];
  };

  const sortiere = (spalte, richtung) => {
    koepfe.forEach((th, i) => {
      if (i === spalte && richtung) th.setAttribute('aria-sort', richtung > 0 ? 'ascending' : 'descending');
      else th.removeAttribute('aria-sort');
    });
    for (const g of gruppen) {
      g.rumpf.append(...(richtung ? reihe(g, g.frei.toSorted(ordnung(spalte, richtung))) : g.zeilen));
    }
    zurueck.hidden = !richtung;
    auskunft.textContent = richtung
      ? `Sortiert nach „${koepfe[spalte].innerText.trim()}“, ${richtung > 0 ? 'aufsteigend' : 'absteigend'}${gruppen.length > 1 ? ', in jeder Gruppe für sich' : ''}.`
      : hinweis;
  };

  koepfe.forEach((th, spalte) => {
    const knopf = neu('button', 'spalte', '');
    knopf.type = 'button';
    knopf.append(...th.childNodes);
    th.append(knopf);
    // Readers look for the dearest first, and for the first in the alphabet.
    const erste = th.classList.contains('n') ? -1 : 1;
    knopf.addEventListener('click', () => {
      const jetzt = {ascending: 1, descending: -1}[th.getAttribute('aria-sort')] ?? 0;
      sortiere(spalte, jetzt === 0 ? erste : jetzt === erste ? -erste : 0);
    });
  });
  zurueck.addEventListener('click', () => { sortiere(0, 0); koepfe[0].firstChild.focus(); });
};

document.querySelectorAll('.kuf, .uebersicht').forEach(sortierbar);
