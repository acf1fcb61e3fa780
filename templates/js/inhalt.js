// Contents: folded on narrow screens, beside the text on wide ones, where the place of the reader is marked.
const inhalt = document.querySelector('nav.inhalt');

if (inhalt) {
  const falte = inhalt.querySelector('details');
  const breit = matchMedia('(min-width: 60rem)');
  const anpassen = () => { falte.open = breit.matches; };
  inhalt.classList.add('beweglich');
  breit.addEventListener('change', anpassen);
  anpassen();
  addEventListener('beforeprint', () => { falte.open = true; });
  addEventListener('afterprint', anpassen);

  const schliessen = () => { if (!breit.matches) falte.open = false; };
  inhalt.addEventListener('click', (e) => { if (e.target.closest('a')) schliessen(); });
  inhalt.addEventListener('keydown', (e) => {
    if (e.key !== 'Escape' || breit.matches) return;
    schliessen();
    falte.querySelector('summary').focus();
  });
  inhalt.addEventListener('focusout', (e) => { if (e.relatedTarget && !inhalt.contains(e.relatedTarget)) schliessen(); });

  const ziele = [...inhalt.querySelectorAll('a')]
    .map((a) => ({a, ziel: document.getElementById(a.getAttribute('href').slice(1))})).filter(({ziel}) => ziel);

  // The last chapters never reach the upper part of the window: there the one that was asked for counts, else the last.
  const hierher = () => {
    const sichtbar = ziele.filter(({ziel}) => !ziel.closest('[hidden]'));
    const oben = ({ziel}) => ziel.getBoundingClientRect().top;
    if (innerHeight + scrollY < document.documentElement.scrollHeight - 2) return sichtbar.findLast((z) => oben(z) <= innerHeight / 6);
    return sichtbar.find((z) => `#${z.ziel.id}` === location.hash && oben(z) >= 0) ?? sichtbar.findLast((z) => oben(z) < innerHeight);
  };

  const markiere = () => {
    const hier = hierher();
    if (hier?.a.hasAttribute('aria-current')) return;
    inhalt.querySelector('[aria-current]')?.removeAttribute('aria-current');
    if (!hier) return;
    hier.a.setAttribute('aria-current', 'location');
    if (inhalt.matches(':has(:focus-visible)')) return; // whoever walks through the list moves it
    // The list follows without moving the page.
    const [oben, unten] = [hier.a.offsetTop - 80, hier.a.offsetTop + hier.a.offsetHeight + 80];
    if (oben < inhalt.scrollTop) inhalt.scrollTop = oben;
    else if (unten > inhalt.scrollTop + inhalt.clientHeight) inhalt.scrollTop = unten - inhalt.clientHeight;
  };

  const beobachter = new IntersectionObserver(markiere, {rootMargin: '-16% 0px -83% 0px'});
  for (const {ziel} of ziele) beobachter.observe(ziel);
  const ende = new IntersectionObserver(markiere, {threshold: 1});
  ende.observe(document.querySelector('.fusszeile'));
  addEventListener('hashchange', () => requestAnimationFrame(markiere));
}
