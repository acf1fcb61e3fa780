// Live reload of the preview: after each save the page is loaded anew at the place where the reader was.
const name = document.body.dataset.name;
const rahmen = document.getElementById('seite');
const stand = document.getElementById('stand');
let zuletzt = null;

const zeigeStand = async () => {
  const s = await (await fetch('stand.json')).json();
  stand.textContent = s.lesbar ? s.satz : `${s.satz} Gezeigt wird die letzte gute Seite.`;
  if (s.pdf === 'läuft') stand.textContent += ' PDF wird gesetzt …';
  if (s.pdf === 'gescheitert') stand.textContent += ` Das PDF ließ sich nicht setzen: ${s.grund}`;
  stand.classList.toggle('fehler', s.fehler > 0);
  document.getElementById('fertig').hidden = s.pdf !== 'fertig';
  if (s.pdf === 'läuft') setTimeout(zeigeStand, 1000);
};

const neuLaden = () => {
  if (!rahmen) { location.reload(); return; }
  const fenster = rahmen.contentWindow;
  const [x, y] = [fenster.scrollX, fenster.scrollY];
  rahmen.addEventListener('load', () => fenster.scrollTo(x, y), {once: true});
  fenster.location.reload();
  zeigeStand();
};

new EventSource('/ereignisse').onmessage = (ereignis) => {
  if (zuletzt !== null && ereignis.data !== zuletzt) neuLaden();
  zuletzt = ereignis.data;
};

if (name) {
  zeigeStand();
  const ansichten = document.querySelectorAll('nav a[target=seite]');
  for (const a of ansichten) {
    a.addEventListener('click', () => {
      for (const b of ansichten) b.removeAttribute('aria-current');
      a.setAttribute('aria-current', 'page');
    });
  }
  document.getElementById('pdf').addEventListener('click', async () => {
    await fetch('bericht.pdf', {method: 'POST'});
    zeigeStand();
  });
}
