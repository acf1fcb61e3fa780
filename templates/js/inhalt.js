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

  const markiere = () => {
    const grenze = innerHeight / 4;
    const hier = ziele.findLast(({ziel}) => !ziel.closest('[hidden]') && ziel.getBoundingClientRect().top <= grenze);
    if (hier?.a.hasAttribute('aria-current')) return;
    inhalt.querySelector('[aria-current]')?.removeAttribute('aria-current');
    if (!hier) return;
    hier.a.setAttribute('aria-current', 'location');
    // The list follows without moving the page.
    const [oben, unten] = [hier.a.offsetTop - 80, hier.a.offsetTop + hier.a.offsetHeight + 80];
    if (oben < inhalt.scrollTop) inhalt.scrollTop = oben;
    else if (unten > inhalt.scrollTop + inhalt.clientHeight) inhalt.scrollTop = unten - inhalt.clientHeight;
  };

  const beobachter = new IntersectionObserver(markiere, {rootMargin: '-25% 0px -74% 0px'});
  for (const {ziel} of ziele) beobachter.observe(ziel);
}
