// Judges finished pages in a browser: node axe.mjs FILE.html… – exit 1 on any violation, 2 if nothing could be judged.
// axe-core and everything below in light and dark at three widths, then what the controls do, then the page without script.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';

const require = createRequire(pathToFileURL(`${process.env.NODE_PATH ?? process.cwd()}/x.js`));
const puppeteer = require('puppeteer-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const WIDTHS = [320, 768, 1280];

let failures = 0;
const check = (ok, where, what) => {
  if (ok) return;
  failures += 1;
  console.log(`  ${where}: ${what}`);
};

const open = async (browser, file, {width = 1280, scheme = 'light', script = true, hash = ''} = {}) => {
  const page = await browser.newPage();
  const log = {requests: [], errors: []};
  page.on('request', (r) => { if (!r.url().startsWith('data:')) log.requests.push(r.url()); });
  page.on('console', (m) => { if (['error', 'warn'].includes(m.type())) log.errors.push(m.text()); });
  page.on('pageerror', (e) => log.errors.push(e.message));
  await page.setJavaScriptEnabled(script);
  await page.setViewport({width, height: 900});
  await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
  await page.goto(pathToFileURL(file).href + hash);
  return {page, log};
};

const judge = async (page) => {
  await page.evaluate(axe);
  const {violations} = await page.evaluate((tags) => window.axe.run(document, {runOnly: tags, resultTypes: ['violations']}), TAGS);
  return violations.map((v) => `${v.id} (${v.impact}) ${v.nodes.length}×, first: ${v.nodes[0].target.join(' ')}`);
};

const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

const views = async (browser, file) => {
  for (const scheme of ['light', 'dark']) {
    for (const width of WIDTHS) {
      const where = `${scheme} ${width}`;
      const {page, log} = await open(browser, file, {width, scheme});
      for (const v of await judge(page)) check(false, where, v);
      check(await overflow(page) <= 0, where, 'the page scrolls sideways');
      if (width === 320) {
        // Text spacing of WCAG 1.4.12, and the contents unfolded.
        await page.evaluate(() => {
          document.querySelector('.inhalt details')?.setAttribute('open', '');
          for (const e of document.querySelectorAll('main *')) {
            Object.assign(e.style, {lineHeight: '1.5', letterSpacing: '.12em', wordSpacing: '.16em'});
          }
        });
        check(await overflow(page) <= 0, where, 'the page scrolls sideways with wider text spacing');
      }
      check(log.requests.length === 1, where, `${log.requests.length} requests: ${log.requests.slice(1, 3)}`);
      check(log.errors.length === 0, where, log.errors[0]);
      await page.close();
    }
  }
};

const shown = (page, selector) => page.$$eval(selector, (all) => all.filter((e) => e.checkVisibility()).length);
const status = (page) => page.$eval('.suche [role=status]', (e) => e.textContent);

const search = async (browser, file) => {
  const {page, log} = await open(browser, file);
  if (!await page.$('.suche')) return page.close();
  const all = (await page.$$('[data-eintrag]')).length;
  const counted = async (what) => {
    const n = await shown(page, '[data-eintrag]');
    check((await status(page)).startsWith(`${n} von ${all} `), 'search', `${what}: the count does not say ${n} of ${all}`);
    return n;
  };
  check(await shown(page, '.suche') === 1, 'search', 'the controls stay hidden');
  check(await shown(page, '[data-eintrag]') === all, 'search', 'entries are missing before any choice');

  // A word that stands in the last entry, typed in capitals.
  const word = await page.$$eval('[data-eintrag]', (e) => e.at(-1).textContent.match(/[A-Za-z]{6,}/)[0].toUpperCase());
  await page.type('.suche input', word);
  check(await counted('a word') > 0, 'search', `„${word}“ finds nothing`);
  check(await page.$$eval('[data-eintrag]', (e) => e.at(-1).checkVisibility()), 'search', 'the entry with the word is hidden');
  for (const v of await judge(page)) check(false, 'search', v);

  await page.$eval('.suche input', (e) => { e.value = ''; });
  await page.type('.suche input', 'qqqqqqqq');
  check(await counted('nonsense') === 0, 'search', 'nonsense finds something');
  check(await shown(page, '.suche .nichts') === 1, 'search', 'nothing says that there is no result');
  for (const v of await judge(page)) check(false, 'search without result', v);
  const hint = await shown(page, '.inhalt .auswahl');
  check(hint === (await page.$('.inhalt li li') ? 1 : 0), 'search', 'the contents do not say that measures are hidden');

  // A link to an entry that is hidden shows it.
  const target = await page.$eval('[data-eintrag][id]', (e) => e.id).catch(() => '');
  if (target) {
    await page.evaluate((id) => { location.hash = id; }, target);
    await page.waitForFunction((id) => document.getElementById(id).checkVisibility(), {timeout: 2000}, target)
      .catch(() => check(false, 'search', 'a link leads to a hidden entry'));
  }
  await page.$eval('.suche input', (e) => { e.value = ''; e.dispatchEvent(new Event('input', {bubbles: true})); });

  for (const list of await page.$$('.suche select')) {
    const [value, name, said] = await list.evaluate((e) => [e.options[1].value, e.dataset.merkmal, e.options[1].text]);
    await list.select(value);
    const n = await counted(name);
    check(said.endsWith(`(${n})`), 'filter', `„${said}“ shows ${n}`);
    await page.click('.suche .treffer button');
    check(await shown(page, '[data-eintrag]') === all, 'filter', 'reset leaves entries hidden');
  }
  check(await page.evaluate(() => document.activeElement.matches('.suche input')), 'filter', 'reset loses the focus');
  check(log.errors.length === 0, 'search', log.errors[0]);
  return page.close();
};

// Two columns or one text, with and without script.
const presentation = async (browser, file) => {
  for (const script of [true, false]) {
    const {page} = await open(browser, file, {script});
    const where = `view, script ${script}`;
    if (!await page.$('#ansicht-ein')) return page.close();
    const columns = async () => [await shown(page, '.synopse td.alt'), await shown(page, '.synopse td.in-einem')];
    let [two, one] = await columns();
    check(two > 0 && one === 0, where, 'the page does not begin with two columns');
    await page.click('#ansicht-ein');
    [two, one] = await columns();
    check(two === 0 && one > 0, where, 'the choice of one text has no effect');
    for (const v of script ? await judge(page) : []) check(false, where, v);
    await page.close();
  }
};

// Whoever is sent a link to one object sees it at once, with and without script.
const deepLink = async (browser, file) => {
  for (const script of [true, false]) {
    for (const at of [0, 0.5, 1]) {
      const {page} = await open(browser, file, {script});
      const ids = await page.$$eval('.synopse [data-eintrag][id], .synopse [data-eintrag] [id]', (all) => all.map((e) => e.id));
      await page.close();
      if (!ids.length) return;
      const id = ids[Math.round(at * (ids.length - 1))];
      const linked = await open(browser, file, {script, hash: `#${id}`});
      const [top, visible] = await linked.page.$eval(`[id="${id}"]`, (e) => [e.getBoundingClientRect().top, e.checkVisibility()]);
      check(visible && top >= -1 && top < 900, `deep link, script ${script}`, `#${id} stands at ${Math.round(top)}`);
      await linked.page.close();
    }
  }
};

const sorting = async (browser, file) => {
  const {page, log} = await open(browser, file);
  const tables = await page.$$('table:has(.spalte)');
  for (const table of tables) {
    const state = () => table.evaluate((t) => ({
      order: [...t.rows].map((r) => r.textContent).join('|'),
      sums: [...t.tBodies].every((b) => !b.querySelector('.summe') || b.rows[b.rows.length - 1].matches('.summe')),
      total: !t.querySelector('tr.gesamt') || t.rows[t.rows.length - 1].matches('.gesamt'),
    }));
    const before = await state();
    let changed = 0;
    for (const button of await table.$$('.spalte')) {
      for (const steps of [1, 2]) {
        await button.evaluate((b) => b.click());
        const direction = await button.evaluate((b) => b.closest('th').ariaSort);
        check(['ascending', 'descending'].includes(direction), 'sort', 'aria-sort does not say the direction');
        const now = await state();
        check(now.sums && now.total, 'sort', 'a sum has left its place');
        changed += now.order !== before.order;
        const sorted = await button.evaluate((b) => {
          const th = b.closest('th');
          return [...th.closest('table').tBodies].every((body) => {
            const cells = [...body.rows].filter((r) => r.cells.length === th.parentElement.cells.length && !r.matches('.summe, .gesamt'))
              .map((r) => r.cells[th.cellIndex]).filter((c) => c.dataset.wert !== undefined).map((c) => Number(c.dataset.wert));
            const sign = th.ariaSort === 'ascending' ? 1 : -1;
            return cells.every((n, i) => i === 0 || sign * (n - cells[i - 1]) >= 0);
          });
        });
        check(sorted, 'sort', `numbers are not in order after ${steps} clicks`);
      }
      await button.evaluate((b) => b.click());
      check((await state()).order === before.order, 'sort', 'the third click does not bring back the order of the report');
    }
    check(changed > 0, 'sort', 'no column changes the order');
  }
  check(log.errors.length === 0, 'sort', log.errors[0]);
  return page.close();
};

// Everything that takes the focus shows it, and no sticky part hides it.
const keyboard = async (browser, file, width) => {
  const {page} = await open(browser, file, {width});
  const first = await page.keyboard.press('Tab').then(() => page.evaluate(() => document.activeElement.className));
  check(first === 'sprung', `keyboard ${width}`, 'the skip link is not first');
  for (let i = 0; i < 150; i += 1) {
    await page.keyboard.press('Tab');
    const state = await page.evaluate(() => {
      const e = document.activeElement;
      if (e === document.body) return null;
      const box = e.getBoundingClientRect();
      const [x, y] = [Math.min(box.left + 4, innerWidth - 1), Math.min(Math.max(box.top, 0) + Math.min(box.height, innerHeight) / 2, innerHeight - 1)];
      const top = document.elementFromPoint(Math.max(x, 0), y);
      return {
        name: `${e.tagName} ${e.textContent.trim().slice(0, 40)}`,
        outline: getComputedStyle(e).outlineStyle !== 'none',
        hidden: Boolean(top) && !e.contains(top) && !top.contains(e) && getComputedStyle(top.closest('nav') ?? top).position === 'sticky',
      };
    });
    if (!state) break;
    check(state.outline, `keyboard ${width}`, `no visible focus: ${state.name}`);
    check(!state.hidden, `keyboard ${width}`, `focus hidden: ${state.name}`);
  }
  return page.close();
};

const withoutScript = async (browser, file) => {
  for (const width of [320, 1280]) {
    const {page, log} = await open(browser, file, {width, script: false});
    const hidden = await page.$$eval('[data-eintrag], .inhalt a, main section', (all) => all.filter((e) => !e.checkVisibility()).length);
    check(hidden === 0, `no script ${width}`, `${hidden} parts are hidden`);
    check(await shown(page, '.suche, .spalte, .sortierung') === 0, `no script ${width}`, 'controls without effect are shown');
    check(await overflow(page) <= 0, `no script ${width}`, 'the page scrolls sideways');
    check(log.errors.length === 0, `no script ${width}`, log.errors[0]);
    await page.close();
  }
};

// The policy stops what should never have come in.
const policy = async (browser, file) => {
  const {page} = await open(browser, file);
  const done = await page.evaluate(async () => {
    const inline = document.createElement('script');
    inline.textContent = 'window.broken = 1';
    document.body.append(inline);
    document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.broken = 2"><p id="probe" style="position: fixed">x</p>');
    await new Promise((r) => { setTimeout(r, 100); });
    return [window.broken, getComputedStyle(document.getElementById('probe')).position];
  });
  check(!done[0] && done[1] === 'static', 'policy', `foreign script or style acts: ${done}`);
  return page.close();
};

const files = process.argv.slice(2);
if (!files.length || !process.env.CHROMIUM) {
  console.error('usage: CHROMIUM=/path NODE_PATH=/path node axe.mjs FILE.html…');
  process.exit(2);
}
const all = async (browser) => {
  for (const file of files) {
    const before = failures;
    console.log(file);
    await views(browser, file);
    await search(browser, file);
    await presentation(browser, file);
    await deepLink(browser, file);
    await sorting(browser, file);
    await keyboard(browser, file, 320);
    await keyboard(browser, file, 1280);
    await withoutScript(browser, file);
    await policy(browser, file);
    if (failures === before) console.log('  ok');
  }
};

// A browser that does not start or breaks off has judged nothing.
const broken = (error) => {
  console.error(error);
  process.exit(2);
};
const browser = await puppeteer.launch({executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--force-color-profile=srgb']}).catch(broken);
await all(browser).catch(broken);
await browser.close();
console.log(`${files.length} pages, ${failures} violations`);
process.exit(failures ? 1 : 0);
