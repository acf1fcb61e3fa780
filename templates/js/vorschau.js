// The live preview. After a save the changed Steckbriefe are put in place at once; the whole page is then made anew behind the
// shown one and takes its place when it is ready, with scroll position, open details, search, sorting and focus carried over.
const $ = (id) => document.getElementById(id);
const titel = document.querySelector('main').dataset.name;
const wahl = new URLSearchParams(location.search);

// ------------------------------------------------------------------------------------------- what the reader has done to a page

// The topmost thing with an id, and how far it is from the top: text above may have grown.
const anker = (doc) => {
  if (doc.defaultView.scrollY < 4) return null;
  let gefunden = null;
  for (const e of doc.querySelectorAll('main [id], main[id]')) {
    const oben = e.getBoundingClientRect().top;
    if (oben > 120) { if (gefunden) break; continue; }
    if (e.checkVisibility()) gefunden = {id: e.id, oben};
  }
  return gefunden;
};

const merke = (fenster) => {
  const doc = fenster.document;
  return {
    anker: anker(doc),
    xy: [fenster.scrollX, fenster.scrollY],
    falten: [...doc.querySelectorAll('details')].map((d) => d.open),
    felder: [...doc.querySelectorAll('input, select')].map((f) => (/radio|checkbox/.test(f.type) ? f.checked : f.value)),
    sortiert: [...doc.querySelectorAll('table')].map((t) => {
      const th = t.querySelector('th[aria-sort]');
      return th ? [th.cellIndex, th.ariaSort] : null;
    }),
    fokus: doc.hasFocus() ? [...doc.querySelectorAll('a, button, input, select, summary, [tabindex]')].indexOf(doc.activeElement) : -1,
  };
};

const stelleHer = (fenster, war) => {
  const doc = fenster.document;
  [...doc.querySelectorAll('details')].forEach((d, i) => { if (war.falten[i] !== undefined) d.open = war.falten[i]; });
  [...doc.querySelectorAll('input, select')].forEach((f, i) => {
    const wert = war.felder[i];
    if (typeof wert === 'boolean') f.checked = wert;
    else if (wert !== undefined && f.value !== wert) {
      f.value = wert;
      f.dispatchEvent(new Event('input', {bubbles: true}));
    }
  });
  [...doc.querySelectorAll('table')].forEach((t, i) => {
    const [spalte, richtung] = war.sortiert[i] ?? [];
    const th = spalte === undefined ? null : t.tHead?.rows[0].cells[spalte];
    for (let n = 0; n < 2 && th && th.ariaSort !== richtung; n += 1) th.querySelector('button')?.click();
  });
  const ziel = war.anker && doc.getElementById(war.anker.id);
  if (ziel) fenster.scrollBy({top: ziel.getBoundingClientRect().top - war.anker.oben, behavior: 'instant'});
  else fenster.scrollTo({left: war.xy[0], top: war.xy[1], behavior: 'instant'});
  if (war.fokus >= 0) {
    fenster.focus();
    doc.querySelectorAll('a, button, input, select, summary, [tabindex]')[war.fokus]?.focus({preventScroll: true});
  }
};

// Pages of others open in a tab of their own: in the frame the policy would refuse them.
const nachAussen = (doc) => doc.addEventListener('click', (e) => {
  const a = e.target.closest?.('a[href^="http"]');
  if (a && new URL(a.href).origin !== location.origin) Object.assign(a, {target: '_blank', rel: 'noopener'});
}, true);

// ------------------------------------------------------------------------------------------- a field that shows one page

class Feld {
  constructor(element) {
    this.element = element;
    this.seite = '';
    this.rahmen = null;
    this.kommt = null;
  }

  zeige(seite, wort) {
    if (seite === this.seite) return Promise.resolve();
    this.seite = seite;
    this.wort = wort;
    this.element.hidden = !seite;
    this.kommt?.remove();
    if (seite) return this.lade(null);
    this.rahmen?.remove();
    this.rahmen = this.kommt = null;
    return Promise.resolve();
  }

  neu() { return this.seite ? this.lade(this.rahmen) : Promise.resolve(); }

  // A newer page overtakes one that is still on its way.
  lade(vorgaenger) {
    this.kommt?.remove();
    const frisch = document.createElement('iframe');
    frisch.title = `${this.wort}: ${titel}`;
    frisch.className = 'kommt';
    frisch.src = `${this.seite}?${Date.now()}`;
    this.kommt = frisch;
    this.element.append(frisch);
    return new Promise((fertig) => {
      frisch.addEventListener('load', () => {
        if (this.kommt !== frisch) return;
        nachAussen(frisch.contentDocument);
        const war = vorgaenger?.contentDocument ? merke(vorgaenger.contentWindow) : null;
        if (war) stelleHer(frisch.contentWindow, war);
        frisch.className = '';
        this.rahmen?.remove();
        this.rahmen = frisch;
        this.kommt = null;
        fertig();
      }, {once: true});
    });
  }

  // The node of a Steckbrief stays, so that search and contents still know it.
  setzeEin(stuecke) {
    const doc = this.seite === 'bericht.html' && this.rahmen?.contentDocument;
    if (!doc) return [];
    return Object.entries(stuecke).filter(([id, html]) => {
      const alt = doc.getElementById(id);
      const neu = new DOMParser().parseFromString(html, 'text/html').body.firstElementChild;
      if (!alt || !neu) return false;
      const falten = [...alt.querySelectorAll('details')].map((d) => d.open);
      alt.replaceChildren(...neu.childNodes);
      alt.className = neu.className;
      [...alt.querySelectorAll('details')].forEach((d, i) => { if (falten[i] !== undefined) d.open = falten[i]; });
      for (const e of alt.querySelectorAll('[data-stil]')) e.style.cssText = e.dataset.stil;
      return true;
    }).map(([id]) => id);
  }
}

const links = new Feld($('links'));
const rechts = new Feld($('rechts'));
const felder = [links, rechts];

// ------------------------------------------------------------------------------------------- what is said above the pages

const zeigePdf = (pdf) => {
  const laeuft = pdf?.lage === 'läuft';
  $('pdf').disabled = laeuft;
  $('lauf').hidden = !laeuft;
  $('fertig').hidden = pdf?.lage !== 'fertig';
  $('fertig').textContent = pdf?.aktuell ? 'PDF öffnen' : 'PDF öffnen (älterer Stand)';
  $('setzen').hidden = !pdf || pdf.lage === 'fertig';
  $('setzen').classList.toggle('fehler', pdf?.lage === 'gescheitert');
  if (pdf?.lage === 'gescheitert') $('setzen').textContent = `Das PDF ließ sich nicht setzen: ${pdf.grund}`;
  clearInterval(zeigePdf.uhr);
  if (!laeuft) return;
  $('setzen').textContent = 'Das PDF wird gesetzt …';
  const beginn = Date.now() - pdf.seit * 1000;
  // The last time says how long it will take; the first time nobody knows.
  if (pdf.dauer) $('lauf').max = pdf.dauer;
  const tick = () => { if (pdf.dauer) $('lauf').value = Math.min((Date.now() - beginn) / 1000, pdf.dauer * 0.98); };
  tick();
  zeigePdf.uhr = setInterval(tick, 250);
};

const zeigeStand = async () => {
  let s;
  try {
    const antwort = await fetch('stand.json');
    if (!antwort.ok) throw new Error(antwort.status);
    s = await antwort.json();
  } catch {
    $('satz').textContent = 'Die Vorschau antwortet nicht mehr. Läuft „ihk serve“ noch?';
    $('satz').classList.add('fehler');
    return;
  }
  $('satz').textContent = s.lesbar ? s.satz : `${s.satz} Gezeigt wird die letzte gute Seite.`;
  $('satz').classList.toggle('fehler', s.fehler > 0 || !s.lesbar);
  const erster = $('erster');
  erster.hidden = !s.erster;
  if (s.erster) {
    const ort = Object.assign(document.createElement('a'), {href: s.erster.adresse, textContent: s.erster.stelle, className: 'stelle'});
    erster.replaceChildren(ort, ` ${s.erster.meldung}${s.erster.hinweis ? ` → ${s.erster.hinweis}` : ''}`);
  }
  const zahl = s.fehler + s.warnungen;
  $('ansicht').querySelector('input[value="befunde.html"] + span').textContent = `Befunde${zahl ? ` (${zahl})` : ''}`;
  zeigePdf(s.pdf);
};

// A way to what was saved just now, where it is out of sight.
const zeigeNeues = (ids) => {
  const neues = $('neues');
  neues.hidden = !ids.length;
  if (!ids.length) return;
  const wege = ids.map((id) => {
    const knopf = Object.assign(document.createElement('button'), {type: 'button', textContent: id});
    knopf.addEventListener('click', () => links.rahmen?.contentDocument?.getElementById(id)?.scrollIntoView({block: 'start'}));
    return knopf;
  });
  neues.replaceChildren('Gerade geändert: ', ...wege.flatMap((w) => [w, ' ']));
};

// ------------------------------------------------------------------------------------------- choices and saves

const ansicht = () => document.querySelector('#ansicht input:checked');

const waehle = () => {
  const [a, b] = [ansicht(), $('daneben')];
  const adresse = new URLSearchParams({...(a.value === 'bericht.html' ? {} : {ansicht: a.value}), ...(b.value ? {daneben: b.value} : {})});
  history.replaceState(null, '', `${location.pathname}${adresse.size ? `?${adresse}` : ''}`);
  zeigeNeues([]);
  rechts.zeige(b.value, b.selectedOptions[0].textContent);
  return links.zeige(a.value, a.dataset.wort);
};

const gemeint = document.querySelector(`#ansicht input[value="${CSS.escape(wahl.get('ansicht') ?? '')}"]`);
if (gemeint) gemeint.checked = true;
if ([...$('daneben').options].some((o) => o.value === wahl.get('daneben'))) $('daneben').value = wahl.get('daneben');
for (const id of ['ansicht', 'daneben']) $(id).addEventListener('change', waehle);
waehle().then(zeigeStand);

$('pdf').addEventListener('click', async () => {
  const antwort = await fetch('bericht.pdf', {method: 'POST'});
  zeigePdf(await antwort.json());
});

const neuLaden = () => Promise.all(felder.map((f) => f.neu())).then(zeigeStand);
const ereignisse = new EventSource('ereignisse');
let da = false;
ereignisse.addEventListener('da', () => { if (da) neuLaden(); da = true; }); // the preview was started anew
ereignisse.addEventListener('gespeichert', (e) => {
  zeigeNeues(felder.flatMap((f) => f.setzeEin(JSON.parse(e.data))));
  neuLaden();
});
ereignisse.addEventListener('pdf', zeigeStand);
ereignisse.addEventListener('error', () => { if (ereignisse.readyState !== EventSource.OPEN) zeigeStand(); });
