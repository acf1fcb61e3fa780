// Search and filters over everything marked data-eintrag. Without this script all of it can be read.
const gefaltet = (text) => text.toLocaleLowerCase('de').replaceAll('\u00ad', '')
  .replaceAll('ß', 'ss').replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue')
  .normalize('NFD').replace(/\p{M}/gu, '');

const neu = (tag, klasse, text) => Object.assign(document.createElement(tag), {className: klasse, textContent: text});

// Rows of the overview and lines of the contents go with the entry they lead to.
const verweisende = () => [...document.querySelectorAll('.uebersicht tbody tr, .inhalt li li')].flatMap((zeile) => {
  const ziel = zeile.querySelector('a[href^="#"]')?.getAttribute('href').slice(1);
  return zeile.matches('.gruppe, .summe') || !ziel ? [] : [[ziel, zeile]];
});

// Steckbriefe follow the section that opens their chapter.
const kapitelVon = (knoten) => {
  let kapitel = knoten.matches('article') ? knoten.previousElementSibling : null;
  while (kapitel && !kapitel.matches('section')) kapitel = kapitel.previousElementSibling;
  return kapitel;
};

const waehlbar = (block) => {
  const [eingabe, auskunft, zurueck] = ['input', '[role=status]', 'button'].map((s) => block.querySelector(s));
  const listen = [...block.querySelectorAll('select')];
  const eintraege = [...document.querySelectorAll('[data-eintrag]')]
    .map((knoten) => ({knoten, text: gefaltet(knoten.textContent), folgend: []}));
  const nachId = new Map(eintraege.map((e) => [e.knoten.id, e]));
  for (const [ziel, zeile] of verweisende()) nachId.get(ziel)?.folgend.push(zeile);

  const viele = block.dataset.viele;
  const nichts = neu('p', 'nichts', `Dazu gibt es keine ${viele}. Weniger Wörter oder eine andere Auswahl führen vielleicht weiter.`);
  const kurz = neu('button', 'auswahl', '');
  kurz.type = 'button';
  nichts.hidden = kurz.hidden = true;
  block.append(nichts);
  const massnahmen = document.querySelector('.inhalt li li')?.parentElement;
  massnahmen?.before(kurz);

  // A chapter far from the controls says that some of its entries are missing.
  const hinweise = new Map();
  for (const {knoten} of eintraege) {
    const kapitel = kapitelVon(knoten);
    if (!kapitel || kapitel.contains(block)) continue;
    if (!hinweise.has(kapitel)) {
      const hinweis = neu('p', 'hinweis', '');
      hinweis.hidden = true;
      kapitel.append(hinweis);
      hinweise.set(kapitel, {hinweis, teil: []});
    }
    hinweise.get(kapitel).teil.push(knoten);
  }

  const passt = ({knoten, text}, worte) => worte.every((wort) => text.includes(wort))
    && listen.every((l) => !l.value || (knoten.dataset[l.dataset.merkmal] || '-') === l.value);

  const leereGruppen = () => {
    for (const gruppe of document.querySelectorAll('.uebersicht tbody')) {
      gruppe.hidden = !gruppe.querySelector('tr:not(.gruppe, .summe, [hidden])');
    }
    for (const rolle of document.querySelectorAll('.rolle:has(> .uebersicht), .gegenueber .rolle')) {
      rolle.hidden = !rolle.querySelector('tbody:not([hidden])');
      if (rolle.previousElementSibling?.matches('h3, .sortierung')) rolle.previousElementSibling.hidden = rolle.hidden;
    }
  };

  const zeige = () => {
    const worte = gefaltet(eingabe.value).split(/\s+/).filter(Boolean);
    const aktiv = worte.length > 0 || listen.some((l) => l.value);
    let anzahl = 0;
    for (const e of eintraege) {
      const da = !aktiv || passt(e, worte);
      anzahl += da;
      for (const knoten of [e.knoten, ...e.folgend]) knoten.hidden = !da;
    }
    leereGruppen();
    for (const {hinweis, teil} of hinweise.values()) {
      const weg = teil.filter((knoten) => knoten.hidden).length;
      hinweis.hidden = !weg;
      hinweis.textContent = `Durch die Auswahl ausgeblendet: ${weg} ${viele}.`;
    }
    block.classList.toggle('aktiv', aktiv);
    block.dataset.auswahl = [eingabe.value.trim() && `Suchwörter „${eingabe.value.trim()}“`, ...listen.filter((l) => l.value)
      .map((l) => `${l.labels[0].firstElementChild.textContent}: ${l.selectedOptions[0].textContent}`)].filter(Boolean).join('; ');
    nichts.hidden = anzahl > 0;
    zurueck.hidden = kurz.hidden = !aktiv;
    auskunft.textContent = aktiv ? `${anzahl} von ${eintraege.length} ${viele}` : `${eintraege.length} ${viele}`;
    kurz.textContent = `${anzahl} von ${eintraege.length} gezeigt, alle zeigen`;
  };

  const alles = () => {
    eingabe.value = '';
    for (const l of listen) l.value = '';
    zeige();
  };

  // A link may lead to an entry that is hidden just now.
  const aufdecken = () => {
    const ziel = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!ziel?.closest('[hidden]')) return;
    alles();
    ziel.scrollIntoView();
  };

  block.addEventListener('input', zeige);
  zurueck.addEventListener('click', () => { alles(); eingabe.focus(); });
  kurz.addEventListener('click', () => { alles(); massnahmen.closest('li').querySelector('a').focus({preventScroll: true}); });
  addEventListener('hashchange', aufdecken);
  block.hidden = false;
  zeige();
};

document.querySelectorAll('.suche').forEach(waehlbar);
